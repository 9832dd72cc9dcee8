// SPDX-License-Identifier: Apache-2.0
// Fields of comma-separated values.
#ifndef POSENET_COMMON_CSV_TEXT_H_
#define POSENET_COMMON_CSV_TEXT_H_

#include <string>
#include <string_view>

namespace posenet::app {

/// A text field: valid UTF-8, quoted if RFC 4180 requires it.
std::string CsvText(std::string_view text);

/// FormatJsonNumber, or an empty field if `value` is not finite.
std::string CsvNumber(double value, int decimals);

}  // namespace posenet::app

#endif  // POSENET_COMMON_CSV_TEXT_H_

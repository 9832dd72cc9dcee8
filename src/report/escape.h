// SPDX-License-Identifier: Apache-2.0
// Text and bytes as they may stand in HTML and SVG.
#ifndef POSENET_REPORT_ESCAPE_H_
#define POSENET_REPORT_ESCAPE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace posenet::report {

/// `text` with the characters that mean something in HTML, SVG and their attributes as entities; control characters and
/// bytes that are not UTF-8 become '?'.
std::string Escape(std::string_view text);

/// RFC 4648, with padding.
std::string Base64(std::span<const std::byte> bytes);

/// `value` with at most `decimals` digits behind the point and no needless zeros, the same in every locale; "0" where
/// it is no finite number, as coordinates must be some.
std::string Number(double value, int decimals = 2);

}  // namespace posenet::report

#endif  // POSENET_REPORT_ESCAPE_H_

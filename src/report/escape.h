// SPDX-License-Identifier: Apache-2.0
// Escaping and encoding for HTML and SVG.
#ifndef POSENET_REPORT_ESCAPE_H_
#define POSENET_REPORT_ESCAPE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace posenet::report {

/// `text` with the special characters of HTML, SVG and their attributes as entities; control characters and invalid
/// UTF-8 become '?'.
std::string Escape(std::string_view text);

/// Base64 of RFC 4648, with padding.
std::string Base64(std::span<const std::byte> bytes);

/// `value` with at most `decimals` decimals and without trailing zeros, independent of the locale. Non-finite numbers,
/// which are invalid as coordinates, become "0".
std::string Number(double value, int decimals = 2);

}  // namespace posenet::report

#endif  // POSENET_REPORT_ESCAPE_H_

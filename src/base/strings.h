// SPDX-License-Identifier: Apache-2.0
// Formatting of messages.
#ifndef POSENET_BASE_STRINGS_H_
#define POSENET_BASE_STRINGS_H_

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace posenet::base {

/// `number` as streams format it by default, with six significant digits.
std::string NumberText(double number);

/// Appends `part`, text or a number, to `text`.
template <typename Part>
void AppendText(std::string& text, const Part& part) {
  if constexpr (std::is_convertible_v<const Part&, std::string_view>) {
    text += static_cast<std::string_view>(part);
  } else if constexpr (std::same_as<Part, char>) {
    text += part;
  } else if constexpr (std::floating_point<Part>) {
    text += NumberText(static_cast<double>(part));
  } else {
    static_assert(std::integral<Part>, "expected text or a number");
    text += std::to_string(part);
  }
}

/// Concatenates text and numbers. Does not use streams, whose locales would be a quarter of the WebAssembly module.
template <typename... Parts>
std::string StrCat(const Parts&... parts) {
  std::string text;
  (AppendText(text, parts), ...);
  return text;
}

/// "1 frame", "2 frames": `count` and `noun`, whose plural ends in s.
template <std::integral Count>
std::string Counted(Count count, std::string_view noun) {
  return StrCat(count, " ", noun, count == 1 ? "" : "s");
}

/// `text` made safe for one line of a terminal or message: control characters and invalid UTF-8 are replaced by '?',
/// and the text is truncated to `max_bytes`.
std::string Printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace posenet::base

#endif  // POSENET_BASE_STRINGS_H_

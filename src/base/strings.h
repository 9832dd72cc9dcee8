// SPDX-License-Identifier: Apache-2.0
// Text for messages.
#ifndef POSENET_BASE_STRINGS_H_
#define POSENET_BASE_STRINGS_H_

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace posenet::base {

/// A number as streams print it by default, with six digits.
std::string NumberText(double number);

/// `part` as text behind `text`.
template <typename Part>
void AppendText(std::string& text, const Part& part) {
  if constexpr (std::is_convertible_v<const Part&, std::string_view>) {
    text += static_cast<std::string_view>(part);
  } else if constexpr (std::same_as<Part, char>) {
    text += part;
  } else if constexpr (std::floating_point<Part>) {
    text += NumberText(static_cast<double>(part));
  } else {
    static_assert(std::integral<Part>, "a part of a text is text or a number");
    text += std::to_string(part);
  }
}

/// Text and numbers, joined. Not by a stream: those bring all of the locales with them, a quarter of a module for
/// browsers.
template <typename... Parts>
std::string StrCat(const Parts&... parts) {
  std::string text;
  (AppendText(text, parts), ...);
  return text;
}

/// `text` fit for one line of a terminal or a message: control characters and bytes that are not UTF-8 are replaced by
/// '?', and at most `max_bytes` are kept.
std::string Printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace posenet::base

#endif  // POSENET_BASE_STRINGS_H_

// SPDX-License-Identifier: Apache-2.0
// Character classes and letter case of ASCII, the same in every locale.
#ifndef POSENET_BASE_ASCII_H_
#define POSENET_BASE_ASCII_H_

#include <algorithm>
#include <string>
#include <string_view>

namespace posenet::base {

constexpr bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

/// `c` in lower case; bytes that are not ASCII letters are unchanged.
constexpr char AsciiToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string AsciiToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = AsciiToLower(c);
  return lower;
}

/// Whether `a` and `b` differ at most in the case of ASCII letters.
constexpr bool EqualsIgnoreAsciiCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return AsciiToLower(x) == AsciiToLower(y); });
}

}  // namespace posenet::base

#endif  // POSENET_BASE_ASCII_H_

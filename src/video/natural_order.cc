// SPDX-License-Identifier: Apache-2.0
#include "video/natural_order.h"

#include <algorithm>
#include <cstddef>

namespace posenet::video {
namespace {

constexpr bool IsDigit(char character) { return character >= '0' && character <= '9'; }

// Takes the digits off the front of `text`; answers them without leading zeros.
std::string_view TakeNumber(std::string_view& text) {
  const auto end = static_cast<std::size_t>(std::ranges::find_if_not(text, IsDigit) - text.begin());
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

}  // namespace

bool NaturallyBefore(std::string_view a, std::string_view b) {
  std::string_view left = a;
  std::string_view right = b;
  while (!left.empty() && !right.empty()) {
    if (IsDigit(left.front()) && IsDigit(right.front())) {
      const std::string_view first = TakeNumber(left);
      const std::string_view second = TakeNumber(right);
      // Without leading zeros, longer is larger.
      if (first.size() != second.size()) return first.size() < second.size();
      if (first != second) return first < second;
      continue;
    }
    if (left.front() != right.front()) return left.front() < right.front();
    left.remove_prefix(1);
    right.remove_prefix(1);
  }
  if (left.empty() != right.empty()) return left.empty();
  return a < b;
}

}  // namespace posenet::video

// SPDX-License-Identifier: Apache-2.0
#include "base/natural_order.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"

namespace posenet::base {
namespace {

// Removes the digits at the front of `text` and returns them without leading zeros.
std::string_view TakeNumber(std::string_view& text) {
  const auto end = static_cast<std::size_t>(std::ranges::find_if_not(text, IsAsciiDigit) - text.begin());
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

}  // namespace

bool NaturalLess(std::string_view a, std::string_view b) {
  std::string_view left = a;
  std::string_view right = b;
  while (!left.empty() && !right.empty()) {
    if (IsAsciiDigit(left.front()) && IsAsciiDigit(right.front())) {
      const std::string_view left_number = TakeNumber(left);
      const std::string_view right_number = TakeNumber(right);
      // Without leading zeros, more digits mean a larger number.
      if (left_number.size() != right_number.size()) return left_number.size() < right_number.size();
      if (left_number != right_number) return left_number < right_number;
      continue;
    }
    if (left.front() != right.front()) return left.front() < right.front();
    left.remove_prefix(1);
    right.remove_prefix(1);
  }
  if (left.empty() != right.empty()) return left.empty();
  return a < b;
}

}  // namespace posenet::base

// SPDX-License-Identifier: Apache-2.0
// Natural sort order: numbers in names compare by value, "frame9" before "frame10".
#ifndef POSENET_BASE_NATURAL_ORDER_H_
#define POSENET_BASE_NATURAL_ORDER_H_

#include <string_view>

namespace posenet::base {

/// Whether `a` comes before `b`. Runs of digits of any length compare as numbers, other characters as bytes; names that
/// differ in leading zeros only compare as bytes. A strict total order.
bool NaturalLess(std::string_view a, std::string_view b);

}  // namespace posenet::base

#endif  // POSENET_BASE_NATURAL_ORDER_H_

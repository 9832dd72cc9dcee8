// SPDX-License-Identifier: Apache-2.0
// Inside video: the order that people mean by numbered names.
#ifndef POSENET_VIDEO_NATURAL_ORDER_H_
#define POSENET_VIDEO_NATURAL_ORDER_H_

#include <string_view>

namespace posenet::video {

/// Whether `a` comes before `b` when runs of digits count as numbers: frame9 before frame10. A strict weak ordering;
/// names that differ in leading zeros alone are told apart by their characters.
bool NaturallyBefore(std::string_view a, std::string_view b);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_NATURAL_ORDER_H_

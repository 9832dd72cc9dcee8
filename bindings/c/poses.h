// SPDX-License-Identifier: Apache-2.0
// Images and poses between C and C++.
#ifndef POSENET_BINDINGS_C_POSES_H_
#define POSENET_BINDINGS_C_POSES_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "posenet/c/pose.h"
#include "posenet/image.h"
#include "posenet/movenet.h"
#include "posenet/pose.h"

namespace posenet::c {

// Poses are copied as bytes.
static_assert(sizeof(posenet_pose) == (1 + 3 * kPartCount) * sizeof(float) && sizeof(Pose) == sizeof(posenet_pose));
static_assert(offsetof(posenet_pose, score) == offsetof(Pose, score));
static_assert(offsetof(posenet_pose, keypoints) == offsetof(Pose, keypoints));
static_assert(offsetof(posenet_keypoint, x_px) == offsetof(Keypoint, position_px) + offsetof(Point, x));
static_assert(offsetof(posenet_keypoint, y_px) == offsetof(Keypoint, position_px) + offsetof(Point, y));
static_assert(offsetof(posenet_keypoint, score) == offsetof(Keypoint, score));
static_assert(sizeof(posenet_boxed_pose) == sizeof(BoxedPose));
static_assert(offsetof(posenet_boxed_pose, box) == offsetof(BoxedPose, box_px));
static_assert(offsetof(posenet_box, min_x_px) == offsetof(BoundingBox, min_x_px));
static_assert(offsetof(posenet_box, min_y_px) == offsetof(BoundingBox, min_y_px));
static_assert(offsetof(posenet_box, max_x_px) == offsetof(BoundingBox, max_x_px));
static_assert(offsetof(posenet_box, max_y_px) == offsetof(BoundingBox, max_y_px));

template <typename To, typename From>
inline constexpr bool kSameBytes = std::is_trivially_copyable_v<To>&& std::is_trivially_copyable_v<From> &&
                                   sizeof(To) == sizeof(From);

/// Copies at most `capacity` of `poses` to `given` and returns their number.
template <typename To, typename From>
std::size_t CopyOut(const std::vector<From>& poses, To* given, std::size_t capacity) {
  static_assert(kSameBytes<To, From>);
  const std::size_t count = std::min(poses.size(), capacity);
  if (count > 0) std::memcpy(given, poses.data(), count * sizeof(To));
  return count;
}

/// Copies `count` of `given` to `poses`, which then has that size. Throws std::bad_alloc.
template <typename From>
void CopyIn(const From* given, std::size_t count, std::vector<Pose>& poses) {
  static_assert(kSameBytes<Pose, From>);
  poses.resize(count);
  if (count > 0) std::memcpy(static_cast<void*>(poses.data()), given, count * sizeof(From));
}

/// A view of the caller's image. Errors: kInvalidArgument for null or an unknown format; the rest is checked where the
/// view is used.
Result<ImageView> ToImageView(const posenet_image* image);

}  // namespace posenet::c

#endif  // POSENET_BINDINGS_C_POSES_H_

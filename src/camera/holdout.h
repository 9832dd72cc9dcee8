// SPDX-License-Identifier: Apache-2.0
// A test split for data that has none.
#ifndef POSENET_CAMERA_HOLDOUT_H_
#define POSENET_CAMERA_HOLDOUT_H_

#include "camera/scene.h"

namespace posenet::camera {

/// The share that is held out when nobody says otherwise.
inline constexpr double kDefaultHoldout = 0.2;

/// Marks about `share` of the frames as kTest, the others as kTrain, and adds a remark that says so. Contiguous blocks
/// of time are held out, never every n-th frame: neighbours of a video are near duplicates, and a network that has seen
/// both neighbours of a test frame is not tested. A sequence gives up to kMaxBlocks blocks, spread evenly, of at least
/// kMinBlock frames where it is long enough; the ends of a sequence stay in training, so that blocks lie within the
/// trained area. Sets split_origin to kHeldOut.
/// Precondition: the frames are in the order that Scene promises.
/// Errors: kInvalidArgument when `share` is not in (0, 1), or so near to either that no frame is left for training or
/// testing.
Result<void> HoldOutBlocks(double share, Scene& scene);

inline constexpr int kMaxBlocks = 5;
inline constexpr int kMinBlock = 10;

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_HOLDOUT_H_

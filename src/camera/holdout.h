// SPDX-License-Identifier: Apache-2.0
// A test split for scenes without one.
#ifndef POSENET_CAMERA_HOLDOUT_H_
#define POSENET_CAMERA_HOLDOUT_H_

#include "camera/scene.h"

namespace posenet::camera {

/// The share to hold out by default.
inline constexpr double kDefaultHoldout = 0.2;

/// Marks about `share` of the frames as kTest and the others as kTrain, and adds a remark. Holds out blocks of
/// consecutive frames, never every n-th frame: neighboring frames of a video are near duplicates, and a frame whose
/// neighbors were trained on tests nothing. Each sequence has up to kMaxBlocks blocks, spread evenly, of at least
/// kMinBlock frames if it is long enough. The ends of sequences stay in training, so that blocks are inside the trained
/// area. Sets split_origin to kHeldOut.
/// Precondition: the frames are in the order that Scene documents.
/// Errors: kInvalidArgument when `share` is not in (0, 1), or leaves no frame for training or for testing.
Result<void> HoldOutBlocks(double share, Scene& scene);

inline constexpr int kMaxBlocks = 5;
inline constexpr int kMinBlock = 10;

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_HOLDOUT_H_

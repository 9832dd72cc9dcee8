// SPDX-License-Identifier: Apache-2.0
// The decoders of posenet/movenet.h with reusable memory.
#ifndef POSENET_HUMAN_MOVENET_DECODERS_H_
#define POSENET_HUMAN_MOVENET_DECODERS_H_

#include <memory_resource>
#include <vector>

#include "posenet/movenet.h"

namespace posenet::human::decode {

/// The mean score of the keypoints that score more than 0.2, or 0: the pose score of a single person in TensorFlow.js
/// pose-detection.
float MeanConfidentScore(const Pose& pose);

/// Errors: kInvalidArgument, naming the option that is out of range.
Result<void> CheckMoveNetMultiOptions(const MoveNetMultiOptions& options);

/// As DecodeMoveNetMultiple, but with temporaries in `memory` and the result in `people`: given a pool resource,
/// repeated calls do not allocate. Throws std::bad_alloc.
Result<void> DecodeMoveNetPeople(const MoveNetMaps& maps, const MoveNetMultiOptions& options,
                                 std::pmr::memory_resource& memory, std::pmr::vector<BoxedPose>& people);

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_MOVENET_DECODERS_H_

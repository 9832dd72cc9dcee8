// SPDX-License-Identifier: Apache-2.0
// The decoders of posenet/movenet.h with reusable memory.
#ifndef POSENET_HUMAN_MOVENET_DECODERS_H_
#define POSENET_HUMAN_MOVENET_DECODERS_H_

#include <memory_resource>
#include <vector>

#include "human/decode_maps.h"
#include "posenet/movenet.h"

namespace posenet::human::decode {

/// The mean score of the keypoints that score more than 0.2, or 0: the pose score of a single person in TensorFlow.js
/// pose-detection.
float MeanConfidentScore(const Pose& pose);

/// The most probable center near the middle, of the maps of Lightning or Thunder, which must be valid.
Cell MiddleCenter(const MoveNetMaps& maps);

/// The pose of the person whose center that cell of the maps is.
Pose PoseFromCenter(const MoveNetMaps& maps, Cell center);

/// The person in the maps of Lightning or Thunder whom `expected_px`, a finite pose in pixels of the input, describes:
/// their center is probable, and the keypoints regressed from it are similar to those of `expected_px` with at least
/// `min_score`. So a neighbor nearer to the middle is not mistaken for them. The person in the middle if nobody's
/// center is probable. Does not allocate. Errors: those of DecodeMoveNetSingle.
Result<Pose> DecodeMoveNetPerson(const MoveNetMaps& maps, const Pose& expected_px, float min_score);

/// Errors: kInvalidArgument, naming the option that is out of range.
Result<void> CheckMoveNetMultiOptions(const MoveNetMultiOptions& options);

/// As DecodeMoveNetMultiple, but with temporaries in `memory` and the result in `people`: given a pool resource,
/// repeated calls do not allocate. Throws std::bad_alloc.
Result<void> DecodeMoveNetPeople(const MoveNetMaps& maps, const MoveNetMultiOptions& options,
                                 std::pmr::memory_resource& memory, std::pmr::vector<BoxedPose>& people);

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_MOVENET_DECODERS_H_

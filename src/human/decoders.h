// SPDX-License-Identifier: Apache-2.0
// The decoders of posenet/decode.h with reusable memory.
#ifndef POSENET_HUMAN_DECODERS_H_
#define POSENET_HUMAN_DECODERS_H_

#include <memory_resource>
#include <vector>

#include "posenet/decode.h"

namespace posenet::human::decode {

/// As DecodeMultiplePoses, DecodeMultiplePosesCoral and DecodeMultiplePosesHough, but with temporaries in `memory` and
/// the result in `poses`: given a pool resource, repeated calls do not allocate. Throw std::bad_alloc.
Result<void> DecodeMultiple(const PoseMaps& maps, const MultiPoseOptions& options, std::pmr::memory_resource& memory,
                            std::vector<Pose>& poses);
Result<void> DecodeMultipleCoral(const PoseMaps& maps, const MultiPoseOptions& options,
                                 std::pmr::memory_resource& memory, std::vector<Pose>& poses);
Result<void> DecodeMultipleHough(const PoseMaps& maps, const MultiPoseOptions& options,
                                 std::pmr::memory_resource& memory, std::vector<Pose>& poses);

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_DECODERS_H_

// SPDX-License-Identifier: Apache-2.0
// The decoders of posenet/decode.h for those who decode image after image.
#ifndef POSENET_HUMAN_DECODERS_H_
#define POSENET_HUMAN_DECODERS_H_

#include <memory_resource>
#include <vector>

#include "posenet/decode.h"

namespace posenet::human::decode {

/// As DecodeMultiplePoses and DecodeMultiplePosesCoral, but what they work with comes from `memory` and goes back
/// there, and the answer replaces what is in `poses`: with a resource that keeps memory, such as a pool, images after
/// the first cost no allocation. Throw std::bad_alloc.
Result<void> DecodeMultiple(const PoseMaps& maps, const MultiPoseOptions& options, std::pmr::memory_resource& memory,
                            std::vector<Pose>& poses);
Result<void> DecodeMultipleCoral(const PoseMaps& maps, const MultiPoseOptions& options,
                                 std::pmr::memory_resource& memory, std::vector<Pose>& poses);

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_DECODERS_H_

// SPDX-License-Identifier: Apache-2.0
// Non-maximum suppression of whole poses by object keypoint similarity.
#ifndef POSENET_HUMAN_OKS_NMS_H_
#define POSENET_HUMAN_OKS_NMS_H_

#include <memory_resource>
#include <vector>

#include "posenet/pose.h"

namespace posenet::human {

struct OksNmsOptions {
  double max_similarity = 0.6;       ///< In [0, 1]. A pose that is more similar to a better one is removed.
  float min_keypoint_score = 0.05F;  ///< Keypoints that score less do not count, unless there are too few others.
};

/// Sorts `poses`, which must be finite, by descending score, keeping the order of equal ones, and removes each that is
/// too similar to one before it. Temporaries are in `memory`. Throws std::bad_alloc.
void SuppressSimilar(const OksNmsOptions& options, std::pmr::memory_resource& memory, std::vector<Pose>& poses);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_OKS_NMS_H_

// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BENCH_TRACK_GREEDY_TRACKER_H_
#define POSENET_BENCH_TRACK_GREEDY_TRACKER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "posenet/pose.h"

namespace posenet::bench {

/// The algorithm of the keypoint tracker of TensorFlow.js pose-detection, as a baseline: associates each pose in turn
/// with the most similar free track, by object keypoint similarity (at least 0.2) over at least four keypoints that
/// score 0.3 or more. Drops tracks that are missed for a second, and keeps 18. No motion prediction, no global
/// assignment.
class GreedyTracker {
 public:
  std::vector<std::int64_t> Update(std::span<const Pose> poses, double time_s);

 private:
  struct Track {
    std::int64_t id = 0;
    Pose pose;
    double last_seen_s = 0.0;
  };
  std::vector<Track> tracks_;
  std::int64_t next_id_ = 1;
};

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_GREEDY_TRACKER_H_

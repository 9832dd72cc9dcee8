// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BENCH_TRACK_GREEDY_TRACKER_H_
#define POSENET_BENCH_TRACK_GREEDY_TRACKER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "posenet/pose.h"

namespace posenet::bench {

/// What TensorFlow.js pose-detection's keypoint tracker does, to compare with: each pose in turn takes the free track
/// whose last pose is most alike, by object keypoint similarity over keypoints of 0.3 and more, at least four of them,
/// at least 0.2; tracks unseen for a second are dropped, 18 are kept. No prediction, no assignment of all at once.
class GreedyTracker {
 public:
  std::vector<std::int64_t> Update(std::span<const Pose> poses, double time_s);

 private:
  struct Track {
    std::int64_t id = 0;
    Pose pose;
    double seen_s = 0.0;
  };
  std::vector<Track> tracks_;
  std::int64_t next_id_ = 1;
};

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_GREEDY_TRACKER_H_

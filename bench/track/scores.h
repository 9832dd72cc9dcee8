// SPDX-License-Identifier: Apache-2.0
// Metrics of multi-person tracking.
#ifndef POSENET_BENCH_TRACK_SCORES_H_
#define POSENET_BENCH_TRACK_SCORES_H_

#include <cstdint>
#include <span>
#include <vector>

namespace posenet::bench {

/// A detection with its ground truth.
struct LabeledDetection {
  int person = -1;      ///< -1 for a false positive or a duplicate.
  std::int64_t id = 0;  ///< By the tracker; 0 (unassigned) counts as not detected.
};

/// The detections in a frame, and the number of people, detected or not.
struct LabeledFrame {
  std::vector<LabeledDetection> detections;
  int present = 0;
};

/// The result of ScoreIdentities.
struct IdentityScores {
  /// IDF1 = 2 IDTP / (2 IDTP + IDFP + IDFN) for the optimal one-to-one assignment of IDs to people over the whole video
  /// (Ristani et al. 2016).
  double idf1 = 1.0;
  /// The IDF1 of an ideal tracker of the same detections, which is limited by missed detections.
  double max_idf1 = 1.0;
  /// The number of times that the ID of a person differs from that of their previous detection.
  int switches = 0;
};

IdentityScores ScoreIdentities(std::span<const LabeledFrame> frames);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_SCORES_H_

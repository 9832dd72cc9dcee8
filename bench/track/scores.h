// SPDX-License-Identifier: Apache-2.0
// How well people were told apart over time.
#ifndef POSENET_BENCH_TRACK_SCORES_H_
#define POSENET_BENCH_TRACK_SCORES_H_

#include <cstdint>
#include <span>
#include <vector>

namespace posenet::bench {

/// One detection: whom it shows (-1: nobody, or somebody who is detected once already) and the number it was given (0:
/// none, as if it had not been detected).
struct Labelled {
  int person = -1;
  std::int64_t id = 0;
};

/// One frame: its detections, and how many people were there, detected or not.
struct LabelledFrame {
  std::vector<Labelled> detections;
  int present = 0;
};

struct IdentityScores {
  /// 2 IDTP / (2 IDTP + IDFP + IDFN) of the one-to-one assignment of numbers to people that is best for the whole
  /// video (Ristani et al. 2016).
  double idf1 = 1.0;
  /// idf1 of the same detections with the right numbers, none for what shows nobody: what is not detected costs
  /// already.
  double highest_idf1 = 1.0;
  /// How often a person has another number than when they were detected last.
  int switches = 0;
};

IdentityScores ScoreIdentities(std::span<const LabelledFrame> frames);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_SCORES_H_

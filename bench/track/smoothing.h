// SPDX-License-Identifier: Apache-2.0
// Metrics of smoothing: jitter of people at rest, and lag of walkers.
#ifndef POSENET_BENCH_TRACK_SMOOTHING_H_
#define POSENET_BENCH_TRACK_SMOOTHING_H_

#include <cstdint>

#include "posenet/track.h"

namespace posenet::bench {

/// A simulated video of a person of 200 px, with white noise.
struct SmoothingTrial {
  double fps = 30.0;
  double noise = 0.01;  ///< Standard deviation of coordinates, in sizes of the person.
  double speed_m_s = 1.4;
  double seconds = 10.0;
  std::uint32_t seed = 1;
};

/// The result of TrySmoothing.
struct SmoothingScores {
  // For a person at rest, relative to the input:
  double jitter = 1.0;        ///< Root mean square distance from the ground truth.
  double frame_jitter = 1.0;  ///< Root mean square displacement between frames.
  // For a walker:
  double lag_frames = 0.0;  ///< The delay of the ground truth that fits best.
  double error = 1.0;       ///< Root mean square distance from the ground truth, relative to the input.
};

SmoothingScores TrySmoothing(const PoseSmootherOptions& options, const SmoothingTrial& trial);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_SMOOTHING_H_

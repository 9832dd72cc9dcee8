// SPDX-License-Identifier: Apache-2.0
// How calm a smoother makes who stands still, and how far it lags behind who walks.
#ifndef POSENET_BENCH_TRACK_SMOOTHING_H_
#define POSENET_BENCH_TRACK_SMOOTHING_H_

#include <cstdint>

#include "posenet/track.h"

namespace posenet::bench {

/// The video that a smoother is tried on: somebody 200 pixels tall, detected with white noise.
struct SmoothingTrial {
  double fps = 30.0;
  double noise = 0.01;  ///< Standard deviation of coordinates, in sizes of the person (mean of the box' sides).
  double speed_m_s = 1.4;
  double seconds = 10.0;
  std::uint32_t seed = 1;
};

struct SmoothingScores {
  double jitter =
      1.0;  ///< Standing still: mean square distance from the truth, as a share of the unsmoothed; its root.
  double frame_jitter = 1.0;  ///< The same of the way from frame to frame.
  double lag_frames = 0.0;    ///< Walking: by how many frames later the truth fits best.
  double error = 1.0;  ///< Walking: distance from the truth, root of the mean square, as a share of the unsmoothed.
};

SmoothingScores TrySmoothing(const PoseSmootherOptions& options, const SmoothingTrial& trial);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_SMOOTHING_H_

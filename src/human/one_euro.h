// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_ONE_EURO_H_
#define POSENET_HUMAN_ONE_EURO_H_

#include "posenet/track.h"

namespace posenet::human::smoothing {

/// An exponentially weighted mean of 2-D samples: a first-order low-pass filter for samples of different weight. For
/// samples of equal weight, its gain converges to alpha = 1 / (1 + tau / te) (Casiez et al. 2012, equation 5). It
/// starts as an arithmetic mean, so that the first sample does not dominate. The influence of a sample depends on its
/// weight relative to that of earlier samples.
class WeightedLowPass {
 public:
  /// Decays the earlier samples as a filter of `cutoff_hz` does in `seconds`, then adds the sample.
  void Add(double x, double y, double weight, double cutoff_hz, double seconds);

  [[nodiscard]] double x() const { return x_; }
  [[nodiscard]] double y() const { return y_; }

 private:
  double x_ = 0.0;
  double y_ = 0.0;
  double weight_ = 0.0;
};

/// The one-euro filter (Casiez et al. 2012) for a point: a low-pass filter whose cutoff frequency increases with speed.
/// Differs from the paper in two ways: speed is that of the point, not of each coordinate, and the apparent speed of a
/// still point under noise is subtracted. The noise is estimated from the second differences of the samples.
class OneEuroFilter {
 public:
  /// `options.noise` initializes the estimate of the noise.
  explicit OneEuroFilter(const PoseSmootherOptions& options);

  /// Adds a sample `seconds` after the previous one (ignored for the first) with a `weight` above 0. `size` is the unit
  /// of speed and noise.
  void Add(double x, double y, double weight, double size, double seconds);

  [[nodiscard]] double x() const { return position_.x(); }
  [[nodiscard]] double y() const { return position_.y(); }

 private:
  struct Sample {
    double x = 0.0;
    double y = 0.0;
    double weight = 0.0;
  };

  void MeasureNoise(const Sample& sample, double size, double seconds);

  PoseSmootherOptions options_;
  WeightedLowPass position_;
  WeightedLowPass velocity_;        // In sizes per second.
  WeightedLowPass noise_variance_;  // In sizes^2; both coordinates are equal.
  Sample last_;
  Sample before_last_;
  double last_seconds_ = 0.0;  // From before_last_ to last_.
  int samples_ = 0;
};

}  // namespace posenet::human::smoothing

#endif  // POSENET_HUMAN_ONE_EURO_H_

// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_ONE_EURO_H_
#define POSENET_HUMAN_ONE_EURO_H_

#include "posenet/track.h"

namespace posenet::human::smoothing {

/// A mean of samples that fades: what a low-pass filter of first order is, for samples of different weight. After
/// samples of equal weight its gain is the filter's 1 / (1 + tau / te) (Casiez et al. 2012, equation 5); it starts as a
/// plain mean, so that the first sample is not believed more than the second, and a sample of little weight moves it
/// little, unless all before it had as little.
class FadingMean {
 public:
  /// Forgets as a filter of `cutoff_hz` does in `seconds`, then takes in the sample.
  void Add(double x, double y, double weight, double cutoff_hz, double seconds);

  [[nodiscard]] double x() const { return x_; }
  [[nodiscard]] double y() const { return y_; }

 private:
  double x_ = 0.0;
  double y_ = 0.0;
  double weight_ = 0.0;
};

/// The one-euro filter (Casiez et al. 2012) for a point: a low-pass filter whose cut-off frequency grows with speed.
/// Two things are added. Speed is that of the point, not of each coordinate. And speed that noise alone would show
/// does not count: noise is measured, by how far samples are from going straight on.
class OneEuroFilter {
 public:
  /// `options.noise` is where the measured noise starts.
  explicit OneEuroFilter(const PoseSmootherOptions& options);

  /// Takes in a sample `seconds` after the one before (ignored for the first), whose confidence is `weight`, above 0.
  /// `size` is what speeds and noise are relative to.
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
  FadingMean position_;
  FadingMean velocity_;        // Sizes a second.
  FadingMean noise_variance_;  // Sizes^2; both coordinates hold the same.
  Sample last_;
  Sample before_last_;
  double last_seconds_ = 0.0;  // Between the two.
  int samples_ = 0;
};

}  // namespace posenet::human::smoothing

#endif  // POSENET_HUMAN_ONE_EURO_H_

// SPDX-License-Identifier: Apache-2.0
#include "human/one_euro.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace posenet::human::smoothing {
namespace {

// Noise differs between keypoints and changes with the lighting: averaged over seconds, not frames or minutes.
constexpr double kNoiseCutoffHz = 0.2;
// The weight of the initial noise, in samples.
constexpr double kNoisePriorSamples = 5.0;
// The speed of a still point has a Rayleigh distribution: it exceeds 2.5 standard deviations of a coordinate in 4 % of
// the samples.
constexpr double kStillSpeeds = 2.5;

}  // namespace

void WeightedLowPass::Add(double x, double y, double weight, double cutoff_hz, double seconds) {
  // 1 - alpha, alpha = 1 / (1 + tau / te), tau = 1 / (2 pi cutoff).
  weight_ /= 1.0 + 2.0 * std::numbers::pi * cutoff_hz * seconds;
  weight_ += weight;
  const double gain = weight / weight_;
  x_ += gain * (x - x_);
  y_ += gain * (y - y_);
}

OneEuroFilter::OneEuroFilter(const PoseSmootherOptions& options) : options_(options) {
  const double variance = options.noise * options.noise;
  noise_variance_.Add(variance, variance, kNoisePriorSamples, 0.0, 0.0);
}

void OneEuroFilter::MeasureNoise(const Sample& sample, double size, double seconds) {
  if (samples_ < 2 || last_seconds_ <= 0.0) return;
  const double ratio = seconds / last_seconds_;
  const double x = sample.x - last_.x - ratio * (last_.x - before_last_.x);
  const double y = sample.y - last_.y - ratio * (last_.y - before_last_.y);
  // The variance of this second difference is `terms` times that of a sample, in each coordinate.
  const double terms = 1.0 + (1.0 + ratio) * (1.0 + ratio) + ratio * ratio;
  const double variance = (x * x + y * y) / (2.0 * terms * size * size);
  noise_variance_.Add(variance, variance, 1.0, kNoiseCutoffHz, seconds);
}

void OneEuroFilter::Add(double x, double y, double weight, double size, double seconds) {
  const Sample sample = {.x = x, .y = y, .weight = weight};
  if (samples_ > 0 && seconds > 0.0) {
    if (options_.noise > 0.0) MeasureNoise(sample, size, seconds);
    velocity_.Add((x - last_.x) / (size * seconds), (y - last_.y) / (size * seconds), std::min(weight, last_.weight),
                  options_.derivative_cutoff_hz, seconds);
  }
  // Filtered derivatives of white noise with standard deviation s have a standard deviation of about 2 pi cutoff s, at
  // any frame rate well above the cutoff.
  const double still_speed = kStillSpeeds * 2.0 * std::numbers::pi * options_.derivative_cutoff_hz *
                             (options_.noise > 0.0 ? std::sqrt(noise_variance_.x()) : 0.0);
  const double speed = std::max(std::hypot(velocity_.x(), velocity_.y()) - still_speed, 0.0);
  position_.Add(x, y, weight, options_.min_cutoff_hz + options_.beta * speed, samples_ > 0 ? seconds : 0.0);
  before_last_ = last_;
  last_seconds_ = seconds;
  last_ = sample;
  samples_ = std::min(samples_ + 1, 2);
}

}  // namespace posenet::human::smoothing

// SPDX-License-Identifier: Apache-2.0
// Random numbers, and random patterns as textures of synthetic places.
#ifndef POSENET_CAMERA_SYNTH_PATTERN_H_
#define POSENET_CAMERA_SYNTH_PATTERN_H_

#include <array>
#include <cstdint>

#include "image/image.h"

namespace posenet::camera::synth {

/// Random numbers that are the same with every standard library, unlike the distributions of <random>.
/// Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014 (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// In [low, high).
  double Between(double low, double high) { return low + (high - low) * static_cast<double>(Next() >> 11) * 0x1p-53; }
  /// In [0, bound).
  int Below(int bound) { return static_cast<int>(Next() % static_cast<std::uint64_t>(bound)); }

 private:
  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

using Rgb = std::array<double, 3>;

/// The look of a Pattern.
struct PatternStyle {
  int blob_count = 0;     ///< Discs of random colors, so that no two parts look alike.
  double contrast = 0.0;  ///< Amplitude of the background's waves, in 8-bit levels.
  double darkest = 70.0;  ///< Range of the channels of the background color.
  double lightest = 190.0;
};

/// Waves with blobs on them: smooth enough for small images, and different everywhere.
image::Image Pattern(Random& random, int width_px, int height_px, const PatternStyle& style);

}  // namespace posenet::camera::synth

#endif  // POSENET_CAMERA_SYNTH_PATTERN_H_

// SPDX-License-Identifier: Apache-2.0
#include "camera/synth_pattern.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace posenet::camera::synth {
namespace {

Rgb RandomColor(Random& random, double low, double high) {
  return {random.Between(low, high), random.Between(low, high), random.Between(low, high)};
}

// Calls `color_at(x, y)` for each pixel and clamps the result to [0, 255].
template <typename ColorAt>
image::Image Paint(int width_px, int height_px, ColorAt color_at) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  image.rgb.reserve(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3);
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      for (const double channel : color_at(x, y)) {
        image.rgb.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(channel, 0.0, 255.0))));
      }
    }
  }
  return image;
}

// A sine wave in one direction and color.
struct Wave {
  double x_per_px, y_per_px, phase, strength;
  Rgb color;
};

std::vector<Wave> RandomWaves(Random& random, int count, double strength) {
  std::vector<Wave> waves;
  for (int i = 0; i < count; ++i) {
    const double direction = random.Between(0.0, 2.0 * std::numbers::pi);
    const double per_px = 2.0 * std::numbers::pi / random.Between(20.0, 160.0);
    waves.push_back({.x_per_px = per_px * std::cos(direction),
                     .y_per_px = per_px * std::sin(direction),
                     .phase = random.Between(0.0, 6.0),
                     .strength = strength,
                     .color = RandomColor(random, -1.0, 1.0)});
  }
  return waves;
}

// A disc.
struct Blob {
  double x_px, y_px, radius_px;
  Rgb color;
};

}  // namespace

image::Image Pattern(Random& random, int width_px, int height_px, const PatternStyle& style) {
  const Rgb base = RandomColor(random, style.darkest, style.lightest);
  const std::vector<Wave> waves = RandomWaves(random, 6, style.contrast);
  std::vector<Blob> blobs;
  blobs.reserve(static_cast<std::size_t>(style.blob_count));
  for (int i = 0; i < style.blob_count; ++i) {
    blobs.push_back({.x_px = random.Between(0.0, width_px),
                     .y_px = random.Between(0.0, height_px),
                     .radius_px = random.Between(0.03, 0.12) * height_px,
                     .color = RandomColor(random, 0.0, 255.0)});
  }
  return Paint(width_px, height_px, [&](int x, int y) {
    Rgb color = base;
    for (const Wave& wave : waves) {
      const double height = wave.strength * std::sin(wave.x_per_px * x + wave.y_per_px * y + wave.phase);
      for (std::size_t i = 0; i < 3; ++i) color[i] += height * wave.color[i];
    }
    for (const Blob& blob : blobs) {
      if (std::hypot(x - blob.x_px, y - blob.y_px) < blob.radius_px) color = blob.color;
    }
    return color;
  });
}

}  // namespace posenet::camera::synth

// SPDX-License-Identifier: Apache-2.0
#include "track/sensor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace posenet::bench {

image::Image WithSensorNoise(const image::Image& image, std::mt19937& random) {
  std::normal_distribution<float> noise(0.0F, 4.0F);
  image::Image noisy = image;
  for (std::uint8_t& byte : noisy.rgb) {
    byte = static_cast<std::uint8_t>(std::clamp(std::lround(static_cast<float>(byte) + noise(random)), 0L, 255L));
  }
  return noisy;
}

ImageView Crop(const image::Image& image, const PixelRegion& region) {
  ImageView view = image.View();
  view.row_stride_bytes = view.RowStrideBytes();
  view.data += region.y_px * view.row_stride_bytes + region.x_px * 3;
  view.width_px = region.width_px;
  view.height_px = region.height_px;
  return view;
}

}  // namespace posenet::bench

// SPDX-License-Identifier: Apache-2.0
#include "track/sensor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace posenet::bench {

Image Reseen(const Image& image, std::mt19937& random) {
  std::normal_distribution<float> noise(0.0F, 4.0F);
  Image seen = image;
  for (std::uint8_t& byte : seen.rgb) {
    byte = static_cast<std::uint8_t>(std::clamp(std::lround(static_cast<float>(byte) + noise(random)), 0L, 255L));
  }
  return seen;
}

ImageView CutOut(const Image& image, int x, int y, int width_px, int height_px) {
  ImageView view = image.View();
  view.row_stride_bytes = view.RowStrideBytes();
  view.data += y * view.row_stride_bytes + x * 3;
  view.width_px = width_px;
  view.height_px = height_px;
  return view;
}

}  // namespace posenet::bench

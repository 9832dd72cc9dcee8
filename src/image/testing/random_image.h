// SPDX-License-Identifier: Apache-2.0
// Random images for tests.
#ifndef POSENET_IMAGE_TESTING_RANDOM_IMAGE_H_
#define POSENET_IMAGE_TESTING_RANDOM_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "image/image.h"

namespace posenet::image {

/// An image of random bytes. `bytes` ends with the last pixel, so that sanitizers detect reads past it.
struct TestImage {
  std::vector<std::uint8_t> bytes;
  ImageView view;
};

/// `padding_bytes` is added to each row.
inline TestImage RandomImage(int width_px, int height_px, PixelFormat format = PixelFormat::kRgb,
                             std::ptrdiff_t padding_bytes = 0, unsigned seed = 7) {
  TestImage image;
  const std::ptrdiff_t stride = std::ptrdiff_t{width_px} * BytesPerPixel(format) + padding_bytes;
  image.bytes.resize(static_cast<std::size_t>(stride * height_px));
  std::mt19937 random(seed);
  for (std::uint8_t& byte : image.bytes) byte = static_cast<std::uint8_t>(random() % 256);
  image.view = {.data = image.bytes.data(),
                .width_px = width_px,
                .height_px = height_px,
                .row_stride_bytes = stride,
                .format = format};
  return image;
}

inline Image RandomRgbImage(int width_px, int height_px, unsigned seed = 7) {
  return {.width_px = width_px,
          .height_px = height_px,
          .rgb = RandomImage(width_px, height_px, PixelFormat::kRgb, 0, seed).bytes};
}

}  // namespace posenet::image

#endif  // POSENET_IMAGE_TESTING_RANDOM_IMAGE_H_

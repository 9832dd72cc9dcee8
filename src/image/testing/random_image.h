// SPDX-License-Identifier: Apache-2.0
// Images for the tests of this room.
#ifndef POSENET_IMAGE_TESTING_RANDOM_IMAGE_H_
#define POSENET_IMAGE_TESTING_RANDOM_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "image/image.h"

namespace posenet::image {

/// An image of random bytes, which end where the image does: reading further is an error that sanitizers see.
struct TestImage {
  std::vector<std::uint8_t> bytes;
  ImageView view;
};

/// Rows are `gap_bytes` further apart than their pixels need.
inline TestImage RandomImage(int width_px, int height_px, PixelFormat format = PixelFormat::kRgb,
                             std::ptrdiff_t gap_bytes = 0, unsigned seed = 7) {
  TestImage image;
  const std::ptrdiff_t stride = std::ptrdiff_t{width_px} * BytesPerPixel(format) + gap_bytes;
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

}  // namespace posenet::image

#endif  // POSENET_IMAGE_TESTING_RANDOM_IMAGE_H_

// SPDX-License-Identifier: Apache-2.0
// image: images in memory, and resizing and normalizing them for a network. No files, no networks.
#ifndef POSENET_IMAGE_IMAGE_H_
#define POSENET_IMAGE_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "posenet/image.h"
#include "posenet/result.h"

namespace posenet::image {

/// An RGB image that owns its pixels: 3 bytes per pixel, rows without padding.
struct Image {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> rgb;

  [[nodiscard]] ImageView View() const {
    return {.data = rgb.data(),
            .width_px = width_px,
            .height_px = height_px,
            .row_stride_bytes = 0,
            .format = PixelFormat::kRgb};
  }
};

/// Succeeds if `view` can be read. Bottom-up rows (a negative stride) are valid.
/// Errors: kInvalidArgument for null data, a side below 1, an unknown format, or rows that overlap or exceed memory.
Result<void> CheckView(const ImageView& view);

/// Mirrors `image` in place, left to right.
void FlipHorizontally(Image& image);

}  // namespace posenet::image

#endif  // POSENET_IMAGE_IMAGE_H_

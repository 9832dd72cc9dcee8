// SPDX-License-Identifier: Apache-2.0
// image, the room's door: images in memory and how they become what a network reads. Knows base; no files, no
// networks.
#ifndef POSENET_IMAGE_IMAGE_H_
#define POSENET_IMAGE_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "posenet/image.h"
#include "posenet/result.h"

namespace posenet::image {

/// An RGB image that owns its pixels: rows without gaps, 3 bytes a pixel.
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

/// Whether `view` can be read. A negative row stride is fine: an image stored bottom-up.
/// Errors: kInvalidArgument when it is not an image: null data, a side below 1, or rows that overlap.
Result<void> CheckView(const ImageView& view);

/// Exchanges left and right.
void FlipHorizontally(Image& image);

}  // namespace posenet::image

#endif  // POSENET_IMAGE_IMAGE_H_

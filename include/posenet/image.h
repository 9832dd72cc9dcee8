// SPDX-License-Identifier: Apache-2.0
// A view of pixels that somebody else owns.
#ifndef POSENET_IMAGE_H_
#define POSENET_IMAGE_H_

#include <cstddef>
#include <cstdint>

namespace posenet {

/// Order of the 8-bit channels of an interleaved pixel. Alpha is ignored, not blended.
enum class PixelFormat { kRgb, kBgr, kRgba, kBgra, kGray };

/// Bytes of one pixel: 1, 3 or 4.
constexpr int BytesPerPixel(PixelFormat format) {
  switch (format) {
    case PixelFormat::kGray:
      return 1;
    case PixelFormat::kRgb:
    case PixelFormat::kBgr:
      return 3;
    case PixelFormat::kRgba:
    case PixelFormat::kBgra:
      return 4;
  }
  return 0;
}

/// A rectangle of 8-bit pixels in memory that the caller owns and keeps alive during the call.
/// Pixel (x, y) starts at `data + y * row_stride_bytes + x * BytesPerPixel(format)`; x grows right, y down.
struct ImageView {
  const std::uint8_t* data = nullptr;
  int width_px = 0;
  int height_px = 0;
  std::ptrdiff_t row_stride_bytes = 0;  ///< 0 means rows without gaps; negative, an image stored bottom-up.
  PixelFormat format = PixelFormat::kRgb;

  /// Distance in bytes from one row to the next, with the default resolved.
  [[nodiscard]] constexpr std::ptrdiff_t RowStrideBytes() const {
    return row_stride_bytes != 0 ? row_stride_bytes : static_cast<std::ptrdiff_t>(width_px) * BytesPerPixel(format);
  }
};

/// How an image meets a network's input of another shape.
enum class ImageFit {
  kPad,      ///< Black at its sides, the whole image seen: TensorFlow.js PoseNet.
  kStretch,  ///< Rows and columns scaled by themselves, the whole image seen: Coral.
  kCrop,     ///< The largest centred part of the input's shape.
};

/// How pixels of the resized image are made of pixels of the original.
enum class Resampling {
  kBilinear,  ///< As TensorFlow's resizeBilinear: aligned at the top left corner, no smoothing.
  kNearest,   ///< One pixel, the one that lies under the centre: as PIL's Image.resize(..., NEAREST).
  /// Bilinear about pixel centres, and where the image shrinks the triangle is as wide as it shrinks, so that fine
  /// patterns do not alias: as PIL's Image.resize(..., BILINEAR) and torchvision's antialias.
  kAntialiased,
};

}  // namespace posenet

#endif  // POSENET_IMAGE_H_

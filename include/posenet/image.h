// SPDX-License-Identifier: Apache-2.0
// A non-owning view of an image, and how images are fitted to a network.
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

/// An image of interleaved 8-bit channels in memory that the caller owns and keeps alive during the call. Pixel (x, y)
/// starts at `data + y * RowStrideBytes() + x * BytesPerPixel(format)`; x points right, y down.
struct ImageView {
  const std::uint8_t* data = nullptr;
  int width_px = 0;
  int height_px = 0;
  std::ptrdiff_t row_stride_bytes = 0;  ///< 0 means rows without padding; negative means bottom-up rows.
  PixelFormat format = PixelFormat::kRgb;

  /// Bytes from one row to the next, with the default resolved.
  [[nodiscard]] constexpr std::ptrdiff_t RowStrideBytes() const {
    return row_stride_bytes != 0 ? row_stride_bytes : static_cast<std::ptrdiff_t>(width_px) * BytesPerPixel(format);
  }
};

/// How an image is fitted to a network input of another aspect ratio.
enum class ImageFit {
  kPad,      ///< The whole image, with black bars: TensorFlow.js PoseNet.
  kStretch,  ///< The whole image, scaled independently in x and y: Coral.
  kCrop,     ///< The largest central part that has the input's aspect ratio.
};

/// Interpolation of the resized image.
enum class Resampling {
  kBilinear,  ///< TensorFlow's resizeBilinear: aligned at the top-left corner, without a low-pass filter.
  kNearest,   ///< The pixel under the center: PIL's Image.resize(..., NEAREST).
  /// Bilinear about pixel centers; the triangle filter widens with the downscaling factor, so that fine patterns do not
  /// alias: PIL's Image.resize(..., BILINEAR) and torchvision's antialias.
  kAntialiased,
};

}  // namespace posenet

#endif  // POSENET_IMAGE_H_

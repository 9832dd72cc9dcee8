// SPDX-License-Identifier: Apache-2.0
// Test images, and encoders for variants that WriteImageFile does not write.
#ifndef POSENET_MEDIA_TESTING_ENCODERS_H_
#define POSENET_MEDIA_TESTING_ENCODERS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "image/image.h"

namespace posenet::media {

using Bytes = std::vector<std::byte>;

/// A smooth image with four different corners.
image::Image SmoothImage(int width_px, int height_px);

/// The red, green and blue of a pixel.
const std::uint8_t* PixelAt(const image::Image& image, int x, int y);

/// The largest difference of any channel; 256 if the sizes differ.
int MaxDifference(const image::Image& a, const image::Image& b);

enum class JpegColor { kRgb, kGray, kCmyk, kYcck };
enum class JpegScans { kBaseline, kProgressive };

/// Encodes a JPEG of quality 95 without chroma subsampling. CMYK and YCCK are inverted, as by Adobe, with as much black
/// as possible.
Bytes EncodeTestJpeg(const image::Image& image, JpegColor color, JpegScans scans = JpegScans::kBaseline);

/// `jpeg` with a little-endian EXIF segment that contains only an orientation.
Bytes WithExifOrientation(const Bytes& jpeg, int orientation);

/// The samples of a PNG, from 0 to 2^bit_depth - 1.
struct PngSamples {
  int width_px = 0;
  int height_px = 0;
  int color_type = 0;  // PNG_COLOR_TYPE_*
  int bit_depth = 8;
  bool interlaced = false;
  std::vector<std::uint8_t> palette_rgb = {};
  bool first_color_is_transparent = false;  // tRNS: palette entry 0, or sample value 0.
  std::function<unsigned(int x, int y, int channel)> sample;
};
Bytes EncodeTestPng(const PngSamples& samples);

/// The samples of a TIFF.
struct TiffSamples {
  int width_px = 0;
  int height_px = 0;
  int channel_count = 3;
  int bits_per_sample = 8;
  int photometric = 2;  // PHOTOMETRIC_RGB
  int compression = 1;  // COMPRESSION_NONE
  int orientation = 1;
  std::function<unsigned(int x, int y, int channel)> sample;
};
Bytes EncodeTestTiff(const TiffSamples& samples);

enum class WebpAlpha { kNone, kHalfTransparent };

/// Encodes a lossless WebP. kHalfTransparent makes the left half transparent.
Bytes EncodeTestWebp(const image::Image& image, WebpAlpha alpha);

/// Encodes a BMP with 24 or 32 bits per pixel; `height_sign` is 1 for bottom-up rows and -1 for top-down rows.
Bytes EncodeTestBmp(const image::Image& image, int bits_per_pixel, int height_sign);

/// Encodes a BMP with a palette of `color_count` grays, evenly spaced from 0 to 255. Pixel (x, y) has the color
/// index(x, y).
Bytes EncodeTestPaletteBmp(int width_px, int height_px, int bits_per_pixel, int color_count,
                           const std::function<unsigned(int x, int y)>& index);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_TESTING_ENCODERS_H_

// SPDX-License-Identifier: Apache-2.0
// For the tests of media: images, and encodings of the kinds that WriteImageFile does not write.
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

/// A smooth image in which no two corners look alike.
image::Image SmoothImage(int width_px, int height_px);

/// The red, green and blue of a pixel.
const std::uint8_t* PixelAt(const image::Image& image, int x, int y);

/// Largest difference of any channel; 256 when the sizes differ.
int MaxDifference(const image::Image& a, const image::Image& b);

enum class JpegColor { kRgb, kGray, kCmyk, kYcck };
enum class JpegScans { kBaseline, kProgressive };

/// As JPEG of quality 95 without chroma subsampling. The four-ink kinds are written as Adobe does: inverted, here with
/// as much black as possible.
Bytes EncodeTestJpeg(const image::Image& image, JpegColor color, JpegScans scans = JpegScans::kBaseline);

/// `jpeg` with an EXIF segment, little-endian, that holds nothing but an orientation.
Bytes WithExifOrientation(const Bytes& jpeg, int orientation);

/// The samples of a PNG in its own layout: one value a channel, from 0 to 2^bit_depth - 1.
struct PngSamples {
  int width_px = 0;
  int height_px = 0;
  int color_type = 0;  // PNG_COLOR_TYPE_*
  int bit_depth = 8;
  bool interlaced = false;
  std::vector<std::uint8_t> palette_rgb = {};
  bool first_color_is_transparent = false;  // tRNS: palette entry 0, or the samples 0.
  std::function<unsigned(int x, int y, int channel)> sample;
};
Bytes EncodeTestPng(const PngSamples& samples);

/// The samples of an uncompressed or compressed TIFF.
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

/// As lossless WebP; half transparent is its left half.
Bytes EncodeTestWebp(const image::Image& image, WebpAlpha alpha);

/// As BMP of 24 or 32 bits (rows from the bottom up when `height_sign` is 1, from the top down when it is -1).
Bytes EncodeTestBmp(const image::Image& image, int bits_per_pixel, int height_sign);

/// As BMP with a palette of the grays 0, 1, .., `color_count` - 1, each spread over 0..255; pixel (x, y) is index(x,
/// y).
Bytes EncodeTestPaletteBmp(int width_px, int height_px, int bits_per_pixel, int color_count,
                           const std::function<unsigned(int x, int y)>& index);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_TESTING_ENCODERS_H_

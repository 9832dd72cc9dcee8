// SPDX-License-Identifier: Apache-2.0
#include "media/image_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <tiffio.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "base/file.h"
#include "base/testing/temporary_folder.h"
#include "media/testing/decoding.h"
#include "media/testing/encoders.h"

namespace posenet::media {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// The largest error of a smooth image at a quality of 90 or more.
constexpr int kLossyTolerance = 6;

void ExpectDecodesTo(const Bytes& bytes, const image::Image& expected, int tolerance) {
  const auto image = DecodeImage(bytes, "test");
  ASSERT_TRUE(image.has_value()) << image.error().message;
  EXPECT_LE(MaxDifference(*image, expected), tolerance);
}

Bytes FirstHalf(const Bytes& bytes) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2)};
}

Bytes WithoutLast(const Bytes& bytes, std::size_t count) {
  return {bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(count)};
}

// An image with three equal channels.
image::Image GrayImage(int width_px, int height_px, const std::function<unsigned(int x, int y)>& value) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(value(x, y)));
  }
  return image;
}

// A sample function for encoders: the channels of `image`, then `alpha`.
auto SamplesOf(const image::Image& image, unsigned alpha) {
  return [&image, alpha](int x, int y, int channel) -> unsigned {
    return channel < 3 ? PixelAt(image, x, y)[channel] : alpha;
  };
}

// The sizes of these images are not multiples of the block sizes of JPEG or interlaced PNG.

TEST(Jpeg, DecodesColorAndGray) {
  const image::Image image = SmoothImage(61, 43);
  for (const JpegScans scans : {JpegScans::kBaseline, JpegScans::kProgressive}) {
    ExpectDecodesTo(EncodeTestJpeg(image, JpegColor::kRgb, scans), image, kLossyTolerance);
    const image::Image gray = GrayImage(61, 43, [&](int x, int y) { return SamplesOf(image, 0)(x, y, 0); });
    ExpectDecodesTo(EncodeTestJpeg(image, JpegColor::kGray, scans), gray, kLossyTolerance);
    ExpectDecodesTo(EncodeTestJpeg(image, JpegColor::kYcck, scans), image, kLossyTolerance);
  }
}

TEST(Jpeg, DistinguishesPlainAndInvertedCmyk) {
  const image::Image image = SmoothImage(61, 43);
  Bytes plain = EncodeTestJpeg(image, JpegColor::kCmyk);
  image::Image inverted_inks = image;
  // Without the segment of Adobe, 255 is full ink, so white = max(r, g, b) is black ink.
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    const int white = std::max({int{image.rgb[i]}, int{image.rgb[i + 1]}, int{image.rgb[i + 2]}});
    for (std::size_t c = 0; c < 3; ++c) {
      const int ink = image.rgb[i + c] * 255 / white;
      inverted_inks.rgb[i + c] = static_cast<std::uint8_t>((255 - ink) * (255 - white) / 255);
    }
  }
  const Bytes adobe_text = BytesOf("Adobe");
  const auto segment = std::search(plain.begin(), plain.end(), adobe_text.begin(), adobe_text.end());
  ASSERT_NE(segment, plain.end());
  ExpectDecodesTo(plain, image, kLossyTolerance);
  *segment = std::byte{'a'};
  ExpectDecodesTo(plain, inverted_inks, kLossyTolerance);
}

TEST(Jpeg, RotatesUprightByExif) {
  const image::Image image = SmoothImage(61, 43);
  const Bytes jpeg = EncodeTestJpeg(image, JpegColor::kRgb);
  const auto pixel = [](const image::Image& from, int x, int y) {
    const std::uint8_t* rgb = PixelAt(from, x, y);
    return std::vector<int>(rgb, rgb + 3);
  };
  // The corner of the upright image at which the top-left corner of the stored image appears.
  struct Case {
    int orientation;
    bool right;
    bool bottom;
    bool is_transposed;
  };
  for (const Case& c : {Case{1, false, false, false}, Case{2, true, false, false}, Case{3, true, true, false},
                        Case{4, false, true, false}, Case{5, false, false, true}, Case{6, true, false, true},
                        Case{7, true, true, true}, Case{8, false, true, true}, Case{9, false, false, false}}) {
    const auto upright = DecodeImage(WithExifOrientation(jpeg, c.orientation), "test");
    ASSERT_TRUE(upright.has_value()) << upright.error().message;
    EXPECT_EQ(upright->width_px, c.is_transposed ? 43 : 61) << c.orientation;
    EXPECT_EQ(upright->height_px, c.is_transposed ? 61 : 43) << c.orientation;
    const auto corner = pixel(*upright, c.right ? upright->width_px - 1 : 0, c.bottom ? upright->height_px - 1 : 0);
    const auto stored = pixel(image, 0, 0);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(corner[i], stored[i], kLossyTolerance) << c.orientation;
  }
}

TEST(Jpeg, ReportsTruncation) {
  const Bytes baseline = EncodeTestJpeg(SmoothImage(640, 480), JpegColor::kRgb);
  ExpectFails(FirstHalf(baseline), ErrorCode::kCorruptData, "JPEG is truncated after row ");
  ExpectFails(FirstHalf(baseline), ErrorCode::kCorruptData, " of 480");
  ExpectFails(WithoutLast(baseline, 2), ErrorCode::kCorruptData, "JPEG is truncated after row ");
  ExpectFails({baseline.begin(), baseline.begin() + 30}, ErrorCode::kCorruptData, "JPEG is truncated in its header");
  const Bytes progressive = EncodeTestJpeg(SmoothImage(640, 480), JpegColor::kRgb, JpegScans::kProgressive);
  ExpectFails(FirstHalf(progressive), ErrorCode::kCorruptData, "JPEG is truncated in scan ");
}

TEST(Jpeg, RejectsDamageButNotIrregularities) {
  const image::Image image = SmoothImage(61, 43);
  const Bytes jpeg = EncodeTestJpeg(image, JpegColor::kRgb);
  Bytes ends_early = FirstHalf(jpeg);
  ends_early.insert(ends_early.end(), {std::byte{0xFF}, std::byte{0xD9}});
  ExpectFails(ends_early, ErrorCode::kCorruptData, "JPEG is damaged");

  Bytes with_gap = jpeg;
  constexpr std::ptrdiff_t kAfterJfifSegment = 20;
  with_gap.insert(with_gap.begin() + kAfterJfifSegment, 5, std::byte{0});  // "extraneous bytes before marker"
  ExpectDecodesTo(with_gap, image, kLossyTolerance);
  Bytes with_tail = jpeg;
  with_tail.insert(with_tail.end(), 100, std::byte{0x55});
  ExpectDecodesTo(with_tail, image, kLossyTolerance);
}

TEST(Png, DecodesGrayOfAnyDepth) {
  for (const int bit_depth : {1, 2, 4, 8, 16}) {
    for (const bool interlaced : {false, true}) {
      const unsigned max = (1U << bit_depth) - 1;
      const auto sample = [&](int x, int y) { return static_cast<unsigned>(x * 977 + y * 3331) % (max + 1); };
      const image::Image expected =
          GrayImage(19, 13, [&](int x, int y) { return (sample(x, y) * 255 + max / 2) / max; });
      ExpectDecodesTo(EncodeTestPng({.width_px = 19,
                                     .height_px = 13,
                                     .color_type = PNG_COLOR_TYPE_GRAY,
                                     .bit_depth = bit_depth,
                                     .interlaced = interlaced,
                                     .first_color_is_transparent = bit_depth == 4,
                                     .sample = [&](int x, int y, int) { return sample(x, y); }}),
                      expected, 0);
    }
  }
}

TEST(Png, KeepsColorsOfTransparentPixels) {
  const image::Image image = SmoothImage(19, 13);
  const image::Image gray = GrayImage(19, 13, [&](int x, int y) { return SamplesOf(image, 0)(x, y, 0); });
  ExpectDecodesTo(
      EncodeTestPng(
          {.width_px = 19, .height_px = 13, .color_type = PNG_COLOR_TYPE_RGB_ALPHA, .sample = SamplesOf(image, 0)}),
      image, 0);
  ExpectDecodesTo(
      EncodeTestPng({.width_px = 19,
                     .height_px = 13,
                     .color_type = PNG_COLOR_TYPE_GRAY_ALPHA,
                     .sample = [&](int x, int y, int c) { return c == 0 ? SamplesOf(image, 0)(x, y, 0) : 7U; }}),
      gray, 0);
  ExpectDecodesTo(EncodeTestPng({.width_px = 19,
                                 .height_px = 13,
                                 .color_type = PNG_COLOR_TYPE_RGB_ALPHA,
                                 .bit_depth = 16,
                                 .interlaced = true,
                                 .sample = [&](int x, int y, int c) { return SamplesOf(image, 9)(x, y, c) * 257; }}),
                  image, 0);
}

TEST(Png, DecodesPalettes) {
  const std::vector<std::uint8_t> palette = {255, 0, 0, 0, 255, 0, 0, 0, 255};
  for (const int bit_depth : {2, 4, 8}) {
    const auto image = DecodeImage(EncodeTestPng({.width_px = 3,
                                                  .height_px = 1,
                                                  .color_type = PNG_COLOR_TYPE_PALETTE,
                                                  .bit_depth = bit_depth,
                                                  .palette_rgb = palette,
                                                  .first_color_is_transparent = true,
                                                  .sample = [](int x, int, int) { return static_cast<unsigned>(x); }}),
                                   "test");
    ASSERT_TRUE(image.has_value()) << image.error().message;
    EXPECT_EQ(image->rgb, palette);
  }
}

TEST(Png, RoundsSixteenBits) {
  // 255 * v / 65535 is 0.498, 0.502, 127.5 - 0.002, 127.5 + 0.002 and 255.
  const std::vector<unsigned> values = {128, 129, 32767, 32768, 65535};
  const auto image =
      DecodeImage(EncodeTestPng({.width_px = 5,
                                 .height_px = 1,
                                 .color_type = PNG_COLOR_TYPE_GRAY,
                                 .bit_depth = 16,
                                 .sample = [&](int x, int, int) { return values[static_cast<std::size_t>(x)]; }}),
                  "test");
  ASSERT_TRUE(image.has_value()) << image.error().message;
  EXPECT_EQ(image->rgb, GrayImage(5, 1, [](int x, int) {
                          constexpr unsigned kExpected[] = {0, 1, 127, 128, 255};
                          return kExpected[x];
                        }).rgb);
}

TEST(Png, ReportsDamage) {
  const image::Image image = SmoothImage(61, 43);
  const Bytes png =
      EncodeTestPng({.width_px = 61, .height_px = 43, .color_type = PNG_COLOR_TYPE_RGB, .sample = SamplesOf(image, 0)});
  ExpectDecodesTo(png, image, 0);
  ExpectFails(FirstHalf(png), ErrorCode::kCorruptData, "PNG is truncated");
  ExpectFails(WithoutLast(png, 1), ErrorCode::kCorruptData, "PNG is truncated");
  Bytes flipped = png;
  flipped[flipped.size() / 2] ^= std::byte{1};
  ExpectFails(flipped, ErrorCode::kCorruptData, "PNG is damaged");
}

TEST(Webp, DecodesLossless) {
  const image::Image image = SmoothImage(61, 43);
  ExpectDecodesTo(EncodeTestWebp(image, WebpAlpha::kNone), image, 0);
  ExpectDecodesTo(EncodeTestWebp(image, WebpAlpha::kHalfTransparent), image, 0);
}

TEST(Webp, ReportsTruncation) {
  const Bytes webp = EncodeTestWebp(SmoothImage(61, 43), WebpAlpha::kNone);
  ExpectFails(FirstHalf(webp), ErrorCode::kCorruptData, "WebP is truncated");
  ExpectFails(WithoutLast(webp, 2), ErrorCode::kCorruptData, "WebP is truncated");
}

TEST(Webp, RejectsAnimations) {
  // VP8X with the animation flag, a canvas of 3 x 2, and no frame.
  ExpectFails(BytesOf(std::string("RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0\x02\0\0\x01\0\0", 30)),
              ErrorCode::kUnsupported, "is an animated WebP; expected a still image");
}

TEST(Tiff, DecodesAnyDepthAndCompression) {
  const image::Image image = SmoothImage(61, 43);
  const image::Image gray = GrayImage(61, 43, [&](int x, int y) { return SamplesOf(image, 0)(x, y, 0); });
  for (const int compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS}) {
    TiffSamples samples = {.width_px = 61, .height_px = 43, .compression = compression, .sample = SamplesOf(image, 0)};
    ExpectDecodesTo(EncodeTestTiff(samples), image, 0);
    samples.channel_count = 4;  // Alpha is 0 everywhere.
    ExpectDecodesTo(EncodeTestTiff(samples), image, 0);
    samples.channel_count = 3;
    samples.bits_per_sample = 16;
    samples.sample = [&](int x, int y, int c) { return SamplesOf(image, 0)(x, y, c) * 257; };
    ExpectDecodesTo(EncodeTestTiff(samples), image, 0);
    samples.channel_count = 1;
    samples.photometric = PHOTOMETRIC_MINISBLACK;
    ExpectDecodesTo(EncodeTestTiff(samples), gray, 0);
  }
}

TEST(Tiff, RotatesUpright) {
  // Stored: 1 2 3, 4 5 6. Upright, by the definition of each orientation:
  const std::vector<std::vector<unsigned>> upright = {{1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1},
                                                      {4, 5, 6, 1, 2, 3}, {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3},
                                                      {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const bool is_transposed = orientation > 4;
    const int width_px = is_transposed ? 2 : 3;
    const image::Image expected = GrayImage(width_px, is_transposed ? 3 : 2, [&](int x, int y) {
      const int index = y * width_px + x;
      return upright[static_cast<std::size_t>(orientation) - 1][static_cast<std::size_t>(index)];
    });
    ExpectDecodesTo(EncodeTestTiff({.width_px = 3,
                                    .height_px = 2,
                                    .channel_count = 1,
                                    .photometric = PHOTOMETRIC_MINISBLACK,
                                    .orientation = orientation,
                                    .sample = [](int x, int y, int) { return static_cast<unsigned>(1 + x + 3 * y); }}),
                    expected, 0);
  }
}

TEST(Tiff, ReportsDamageAndUnsupportedVariants) {
  const image::Image image = SmoothImage(61, 43);
  for (const int compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE}) {
    Bytes tiff =
        EncodeTestTiff({.width_px = 61, .height_px = 43, .compression = compression, .sample = SamplesOf(image, 0)});
    // libtiff writes the directory last; without it, the file is unreadable.
    ExpectFails(FirstHalf(tiff), ErrorCode::kCorruptData, "TIFF is damaged: ");
    std::fill(tiff.begin() + 8, tiff.begin() + 200, std::byte{0xEE});
    if (compression != COMPRESSION_NONE) ExpectFails(tiff, ErrorCode::kCorruptData, "TIFF is damaged: ");
  }
  TiffSamples wide = {.width_px = 3, .height_px = 2, .bits_per_sample = 32, .sample = SamplesOf(image, 0)};
  ExpectFails(EncodeTestTiff(wide), ErrorCode::kUnsupported, "TIFF cannot be converted to RGB");
}

TEST(Bmp, DecodesAnyDepth) {
  const image::Image image = SmoothImage(61, 43);
  for (const int bits_per_pixel : {24, 32}) {
    for (const int height_sign : {1, -1}) {
      ExpectDecodesTo(EncodeTestBmp(image, bits_per_pixel, height_sign), image, 0);
    }
  }
  for (const int bits_per_pixel : {1, 4, 8}) {
    for (const int color_count : {2, 1 << bits_per_pixel}) {
      const auto index = [&](int x, int y) { return static_cast<unsigned>((x * 5 + y * 3) % color_count); };
      const image::Image gray =
          GrayImage(19, 13, [&](int x, int y) { return index(x, y) * 255 / static_cast<unsigned>(color_count - 1); });
      ExpectDecodesTo(EncodeTestPaletteBmp(19, 13, bits_per_pixel, color_count, index), gray, 0);
    }
  }
}

TEST(Bmp, ReportsDamageAndUnsupportedVariants) {
  const Bytes bmp = EncodeTestBmp(SmoothImage(61, 43), 24, 1);
  ExpectFails(FirstHalf(bmp), ErrorCode::kCorruptData, "BMP is truncated after row 21 of 43");
  ExpectFails(WithoutLast(bmp, 1), ErrorCode::kCorruptData, "BMP is truncated after row 42 of 43");
  ExpectFails({bmp.begin(), bmp.begin() + 20}, ErrorCode::kCorruptData, "BMP is truncated in its header");
  Bytes run_length = bmp;
  run_length[30] = std::byte{1};
  ExpectFails(run_length, ErrorCode::kUnsupported, "run-length encoded BMP");
  Bytes overlapping = bmp;
  overlapping[10] = std::byte{20};
  ExpectFails(overlapping, ErrorCode::kCorruptData, "overlap");
  ExpectFails(EncodeTestPaletteBmp(9, 5, 4, 3, [](int x, int) { return x == 8 ? 3U : 2U; }), ErrorCode::kCorruptData,
              "colors that are not in its palette");
}

class ImageFileTest : public ::testing::Test {
 protected:
  const base::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

TEST_F(ImageFileTest, ReadsWhatItWrites) {
  for (const auto& [width_px, height_px] : {std::pair{61, 43}, {1, 1}, {1, 20'000}, {20'000, 1}}) {
    const image::Image image = SmoothImage(width_px, height_px);
    for (const auto& [name, tolerance] :
         {std::pair{"a.png", 0}, {"b.jpg", kLossyTolerance}, {"c.JPEG", kLossyTolerance}, {"d.webp", 24}}) {
      if (std::string_view(name) == "d.webp" && std::max(width_px, height_px) > 16'383) continue;
      const auto written = WriteImageFile(folder_ / name, image);
      ASSERT_TRUE(written.has_value()) << written.error().message;
      const auto decoded = ReadImageFile(folder_ / name);
      ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
      EXPECT_LE(MaxDifference(*decoded, image), tolerance) << name << ' ' << width_px;
    }
  }
}

TEST_F(ImageFileTest, RejectsWhatCannotBeWritten) {
  const image::Image image = SmoothImage(3, 2);
  EXPECT_EQ(WriteImageFile(folder_ / "a.gif", image).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(WriteImageFile(folder_ / "a", image).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(WriteImageFile(folder_ / "a.png", image::Image{}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(WriteImageFile(folder_ / "a.webp", SmoothImage(16'384, 1)).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(WriteImageFile(folder_ / "a.jpg", SmoothImage(65'501, 1)).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(WriteImageFile(folder_ / "no" / "a.png", image).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(ImageFileTest, ReportsMissingAndInvalidFiles) {
  EXPECT_EQ(ReadImageFile(folder_ / "none.jpg").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(base::WriteFile(folder_ / "text.jpg", "hello").has_value());
  EXPECT_THAT(ReadImageFile(folder_ / "text.jpg").error().message, HasSubstr("text.jpg: is not an image"));
}

TEST(HasImageExtension, IgnoresCase) {
  for (const char* name : {"a.jpg", "a.JPG", "b/a.Jpeg", "a.png", "a.webp", "a.bmp", "a.tif", "a.tiff", ".x.png"}) {
    EXPECT_TRUE(HasImageExtension(name)) << name;
  }
  for (const char* name : {"a", "jpg", "a.jpg.txt", "a.gif", "", ".png"}) EXPECT_FALSE(HasImageExtension(name)) << name;
}

}  // namespace
}  // namespace posenet::media

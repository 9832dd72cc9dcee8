// SPDX-License-Identifier: Apache-2.0
// Damaged images of every format decode to an image or an error, and nothing is printed to standard error. Most useful
// with sanitizers.
#include <gtest/gtest.h>
#include <png.h>
#include <tiffio.h>

#include <algorithm>
#include <random>
#include <string>

#include "media/image_file.h"
#include "media/testing/encoders.h"

namespace posenet::media {
namespace {

struct Original {
  std::string name;
  Bytes bytes;
};

std::vector<Original> Originals() {
  const image::Image image = SmoothImage(41, 29);
  const auto sample = [](int x, int y, int c) { return static_cast<unsigned>(x * 7 + y * 5 + c * 31) & 15U; };
  std::vector<Original> originals = {
      {"baseline.jpg", WithExifOrientation(EncodeTestJpeg(image, JpegColor::kRgb), 6)},
      {"progressive.jpg", EncodeTestJpeg(image, JpegColor::kRgb, JpegScans::kProgressive)},
      {"gray.jpg", EncodeTestJpeg(image, JpegColor::kGray)},
      {"ycck.jpg", EncodeTestJpeg(image, JpegColor::kYcck, JpegScans::kProgressive)},
      {"lossless.webp", EncodeTestWebp(image, WebpAlpha::kNone)},
      {"alpha.webp", EncodeTestWebp(image, WebpAlpha::kHalfTransparent)},
      {"24.bmp", EncodeTestBmp(image, 24, 1)},
      {"32.bmp", EncodeTestBmp(image, 32, -1)},
      {"palette.bmp", EncodeTestPaletteBmp(41, 29, 4, 16, [&](int x, int y) { return sample(x, y, 0); })},
      {"interlaced.png", EncodeTestPng({.width_px = 41,
                                        .height_px = 29,
                                        .color_type = PNG_COLOR_TYPE_RGB_ALPHA,
                                        .bit_depth = 16,
                                        .interlaced = true,
                                        .sample = sample})},
      {"palette.png", EncodeTestPng({.width_px = 41,
                                     .height_px = 29,
                                     .color_type = PNG_COLOR_TYPE_PALETTE,
                                     .bit_depth = 4,
                                     .palette_rgb = std::vector<std::uint8_t>(48, 77),
                                     .first_color_is_transparent = true,
                                     .sample = sample})}};
  for (const int compression :
       {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS, COMPRESSION_JPEG}) {
    originals.push_back({"compression" + std::to_string(compression) + ".tif",
                         EncodeTestTiff({.width_px = 41,
                                         .height_px = 29,
                                         .compression = compression,
                                         .orientation = compression == COMPRESSION_LZW ? 6 : 1,
                                         .sample = sample})});
  }
  return originals;
}

void ExpectImageOrError(const Bytes& bytes, const std::string& what) {
  const auto image = DecodeImage(bytes, what);
  if (image.has_value()) {
    EXPECT_GE(image->width_px, 1) << what;
    EXPECT_GE(image->height_px, 1) << what;
    EXPECT_EQ(image->rgb.size(),
              static_cast<std::size_t>(image->width_px) * static_cast<std::size_t>(image->height_px) * 3);
  } else {
    EXPECT_GT(image.error().message.size(), what.size()) << what;
    EXPECT_EQ(image.error().message.find('\n'), std::string::npos) << what;
  }
}

class ImageMutationTest : public ::testing::Test {
 protected:
  ImageMutationTest() { ::testing::internal::CaptureStderr(); }
  ~ImageMutationTest() override { EXPECT_EQ(::testing::internal::GetCapturedStderr(), ""); }
};

TEST_F(ImageMutationTest, OriginalsAreValid) {
  for (const auto& [name, bytes] : Originals()) {
    const auto image = DecodeImage(bytes, name);
    EXPECT_TRUE(image.has_value()) << image.error().message;
  }
}

TEST_F(ImageMutationTest, SurvivesTruncationAnywhere) {
  constexpr std::size_t kMaxCuts = 400;
  for (const auto& [name, bytes] : Originals()) {
    const std::size_t step = bytes.size() / kMaxCuts + 1;
    for (std::size_t length = 0; length < bytes.size(); length += step) {
      // A copy, so that sanitizers detect reads past the end.
      const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
      ExpectImageOrError(cut, name + " cut at " + std::to_string(length));
    }
  }
}

TEST_F(ImageMutationTest, SurvivesChangesOfAnyBytes) {
  constexpr int kRounds = 400;
  std::mt19937 random(20'240'601);
  for (const auto& [name, bytes] : Originals()) {
    for (int round = 0; round < kRounds; ++round) {
      Bytes changed = bytes;
      // Every other round changes only headers: the first bytes, or in a TIFF the last ones.
      const std::size_t range = round % 2 == 0 ? changed.size() : std::min<std::size_t>(changed.size(), 100);
      for (unsigned i = 0; i <= random() % 4; ++i) {
        const std::size_t at = random() % range;
        const bool from_end = round % 4 == 3 && name.ends_with(".tif");
        changed[from_end ? changed.size() - 1 - at : at] = static_cast<std::byte>(random());
      }
      ExpectImageOrError(changed, name + " changed in round " + std::to_string(round));
    }
  }
}

}  // namespace
}  // namespace posenet::media

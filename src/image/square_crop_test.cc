// SPDX-License-Identifier: Apache-2.0
#include "image/square_crop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "image/image.h"
#include "image/testing/random_image.h"

namespace posenet::image {
namespace {

constexpr Normalization kBytes = {};
constexpr double kQuarterTurn = 0.5 * std::numbers::pi;

std::vector<float> Cropped(const ImageView& image, const SquareCrop& crop, int side_px) {
  SquareCropper cropper;
  std::vector<float> values(static_cast<std::size_t>(side_px * side_px) * 3);
  cropper.Run(image, crop, {.width_px = side_px, .height_px = side_px}, kBytes, values);
  return values;
}

/// An image in which red grows by 2 per column and green by 3 per row.
Image Gradient(int width_px, int height_px) {
  Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      image.rgb.push_back(static_cast<std::uint8_t>(2 * x));
      image.rgb.push_back(static_cast<std::uint8_t>(3 * y));
      image.rgb.push_back(40);
    }
  }
  return image;
}

TEST(SquareCropTest, PositionsRoundTrip) {
  const SquareCrop crop = {.center_x_px = 31.5, .center_y_px = -4.0, .side_px = 90.0, .angle_rad = 0.7};
  for (const double x : {-0.2, 0.0, 0.3, 1.0}) {
    for (const double y : {0.0, 0.5, 1.4}) {
      const Point back = CropFromImage(crop, ImageFromCrop(crop, x, y));
      EXPECT_NEAR(back.x, x, 1e-6);
      EXPECT_NEAR(back.y, y, 1e-6);
    }
  }
}

TEST(SquareCropTest, TurnsClockwise) {
  const SquareCrop crop = {.center_x_px = 10.0, .center_y_px = 20.0, .side_px = 8.0, .angle_rad = kQuarterTurn};
  const Point right = ImageFromCrop(crop, 1.0, 0.5);  // The crop's right is the image's bottom.
  EXPECT_NEAR(right.x, 10.0, 1e-5);
  EXPECT_NEAR(right.y, 24.0, 1e-5);
}

TEST(SquareCropperTest, CopiesPixelsAtTheSameScale) {
  const Image image = RandomRgbImage(12, 9);
  // Pixels 3 to 6 of rows 2 to 5: the center of a pixel is at its index.
  const std::vector<float> values = Cropped(image.View(), {.center_x_px = 4.5, .center_y_px = 3.5, .side_px = 4.0}, 4);
  for (std::size_t y = 0; y < 4; ++y) {
    for (std::size_t i = 0; i < 12; ++i) {
      EXPECT_NEAR(values[y * 12 + i], image.rgb[((y + 2) * 12 + 3) * 3 + i], 1e-4);
    }
  }
}

TEST(SquareCropperTest, QuarterTurnsMovePixels) {
  const Image image = RandomRgbImage(11, 11);
  const std::vector<float> upright = Cropped(image.View(), {.center_x_px = 5, .center_y_px = 5, .side_px = 11}, 11);
  const std::vector<float> turned =
      Cropped(image.View(), {.center_x_px = 5, .center_y_px = 5, .side_px = 11, .angle_rad = kQuarterTurn}, 11);
  for (std::size_t y = 0; y < 11; ++y) {
    for (std::size_t x = 0; x < 11; ++x) {
      // Right in the crop is down in the image; down in the crop is left.
      const std::size_t source = x * 11 + (10 - y);
      for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(turned[(y * 11 + x) * 3 + c], upright[source * 3 + c], 0.51);
    }
  }
}

TEST(SquareCropperTest, SamplesWhereThePositionsAre) {
  const Image image = Gradient(100, 80);
  for (const double angle : {0.0, 0.4, -2.0, std::numbers::pi}) {
    for (const double side : {20.0, 36.0}) {  // Enlarged, and reduced.
      const SquareCrop crop = {.center_x_px = 52.3, .center_y_px = 41.8, .side_px = side, .angle_rad = angle};
      constexpr int kSide = 24;
      const std::vector<float> values = Cropped(image.View(), crop, kSide);
      for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
          const Point px = ImageFromCrop(crop, (x + 0.5) / kSide, (y + 0.5) / kSide);
          const float* const rgb = &values[static_cast<std::size_t>(y * kSide + x) * 3];
          // Rotated crops are rounded to bytes once.
          EXPECT_NEAR(rgb[0], 2.0F * px.x, 0.6F);
          EXPECT_NEAR(rgb[1], 3.0F * px.y, 0.6F);
          EXPECT_NEAR(rgb[2], 40.0F, 1e-3F);
        }
      }
    }
  }
}

TEST(SquareCropperTest, IsBlackOutsideTheImage) {
  const Image white = {.width_px = 20, .height_px = 20, .rgb = std::vector<std::uint8_t>(1200, 255)};
  for (const double angle : {0.0, 0.3}) {
    const std::vector<float> far =
        Cropped(white.View(), {.center_x_px = 500, .center_y_px = -500, .side_px = 30, .angle_rad = angle}, 8);
    EXPECT_EQ(*std::max_element(far.begin(), far.end()), 0.0F);
    const std::vector<float> border =
        Cropped(white.View(), {.center_x_px = -0.5, .center_y_px = 10, .side_px = 16, .angle_rad = angle}, 8);
    EXPECT_EQ(border[(4 * 8 + 0) * 3], 0.0F);
    EXPECT_EQ(border[(4 * 8 + 7) * 3], 255.0F);
  }
}

TEST(SquareCropperTest, DoesNotAlias) {
  // Columns of black and white, which a reduction by 4 must average.
  Image stripes = {.width_px = 64, .height_px = 64, .rgb = {}};
  for (int i = 0; i < 64 * 64; ++i) stripes.rgb.insert(stripes.rgb.end(), 3, i % 2 == 0 ? 0 : 255);
  for (const double angle : {0.0, 0.2}) {
    const std::vector<float> values =
        Cropped(stripes.View(), {.center_x_px = 31.5, .center_y_px = 31.5, .side_px = 40, .angle_rad = angle}, 10);
    for (const float value : values) EXPECT_NEAR(value, 127.5F, 6.0F);
  }
}

TEST(SquareCropperTest, FillsNarrowTargetsWithTheMiddle) {
  const Image image = RandomRgbImage(40, 40);
  for (const double angle : {0.0, 0.6}) {
    const SquareCrop crop = {.center_x_px = 19, .center_y_px = 21, .side_px = 24, .angle_rad = angle};
    const std::vector<float> square = Cropped(image.View(), crop, 12);
    for (const Size target : {Size{.width_px = 8, .height_px = 12}, Size{.width_px = 12, .height_px = 8}}) {
      std::vector<float> values(static_cast<std::size_t>(target.width_px * target.height_px) * 3);
      SquareCropper cropper;
      cropper.Run(image.View(), crop, target, kBytes, values);
      const int left = (12 - target.width_px) / 2;
      const int top = (12 - target.height_px) / 2;
      for (int y = 0; y < target.height_px; ++y) {
        for (int i = 0; i < target.width_px * 3; ++i) {
          EXPECT_NEAR(values[static_cast<std::size_t>(y * target.width_px * 3 + i)],
                      square[static_cast<std::size_t>(((y + top) * 12 + left) * 3 + i)], 1e-3);
        }
      }
    }
  }
}

TEST(SquareCropperTest, NormalizesAndReadsEveryFormat) {
  const TestImage bgr = RandomImage(16, 16, PixelFormat::kBgr, 5);
  const SquareCrop crop = {.center_x_px = 7, .center_y_px = 8, .side_px = 9, .angle_rad = 0.5};
  Image rgb = {.width_px = 16, .height_px = 16, .rgb = {}};
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      const std::uint8_t* const pixel = bgr.view.data + y * bgr.view.RowStrideBytes() + 3 * x;
      rgb.rgb.insert(rgb.rgb.end(), {pixel[2], pixel[1], pixel[0]});
    }
  }
  SquareCropper cropper;
  std::vector<float> values(12 * 12 * 3);
  cropper.Run(bgr.view, crop, {.width_px = 12, .height_px = 12},
              {.scale = 2.0F / 255.0F, .bias = {-1.0F, -1.0F, -1.0F}}, values);
  const std::vector<float> expected = Cropped(rgb.View(), crop, 12);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i] * 2.0F / 255.0F - 1.0F, 1e-5F);
}

}  // namespace
}  // namespace posenet::image

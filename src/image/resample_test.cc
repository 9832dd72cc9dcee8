// SPDX-License-Identifier: Apache-2.0
#include "image/resample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "image/testing/random_image.h"

namespace posenet::image {
namespace {

using ::testing::Each;
using ::testing::FloatEq;

constexpr Normalization kMobileNet = {.scale = 2.0F / 255.0F, .bias = {-1.0F, -1.0F, -1.0F}};
constexpr Normalization kResNet = {.scale = 1.0F, .bias = {-123.15F, -115.90F, -103.06F}};

/// One channel (red, green, blue) of a pixel of the padded image.
double PaddedValue(const ImageView& view, const PadAndResize& fit, std::int64_t padded_x, std::int64_t padded_y,
                   int channel) {
  const std::int64_t x = padded_x - fit.pad_left_px;
  const std::int64_t y = padded_y - fit.pad_top_px;
  if (x < 0 || y < 0 || x >= view.width_px || y >= view.height_px) return 0.0;
  const bool reversed = view.format == PixelFormat::kBgr || view.format == PixelFormat::kBgra;
  const int byte = view.format == PixelFormat::kGray ? 0 : reversed ? 2 - channel : channel;
  return view.data[y * view.RowStrideBytes() + x * BytesPerPixel(view.format) + byte];
}

/// The slow, obvious reference: TensorFlow.js' resizeBilinear of the padded image, value by value, in double.
double ReferenceValue(const ImageView& view, const PadAndResize& fit, int x, int y, int channel) {
  const double source_x = x * (static_cast<double>(fit.PaddedWidthPx()) / fit.target.width_px);
  const double source_y = y * (static_cast<double>(fit.PaddedHeightPx()) / fit.target.height_px);
  const auto left = static_cast<std::int64_t>(std::floor(source_x));
  const auto top = static_cast<std::int64_t>(std::floor(source_y));
  const auto right = std::min<std::int64_t>(static_cast<std::int64_t>(std::ceil(source_x)), fit.PaddedWidthPx() - 1);
  const auto bottom = std::min<std::int64_t>(static_cast<std::int64_t>(std::ceil(source_y)), fit.PaddedHeightPx() - 1);
  const double weight_x = source_x - static_cast<double>(left);
  const double weight_y = source_y - static_cast<double>(top);
  const double above = PaddedValue(view, fit, left, top, channel) * (1 - weight_x) +
                       PaddedValue(view, fit, right, top, channel) * weight_x;
  const double below = PaddedValue(view, fit, left, bottom, channel) * (1 - weight_x) +
                       PaddedValue(view, fit, right, bottom, channel) * weight_x;
  return above * (1 - weight_y) + below * weight_y;
}

void ExpectMatchesReference(const ImageView& view, Size target_size, const Normalization& normalization,
                            PadResizer& resizer) {
  const PadAndResize fit = FitWithPadding(SizeOf(view), target_size);
  std::vector<float> target(static_cast<std::size_t>(target_size.width_px * target_size.height_px) * 3,
                            std::numeric_limits<float>::quiet_NaN());
  resizer.Run(view, fit, normalization, target);
  double worst = 0.0;
  std::size_t i = 0;
  for (int y = 0; y < target_size.height_px; ++y) {
    for (int x = 0; x < target_size.width_px; ++x) {
      for (int channel = 0; channel < 3; ++channel, ++i) {
        const double expected = ReferenceValue(view, fit, x, y, channel) * normalization.scale +
                                normalization.bias[static_cast<std::size_t>(channel)];
        const double difference = std::abs(target[i] - expected);
        worst = std::max(worst, std::isnan(difference) ? HUGE_VAL : difference);
      }
    }
  }
  // Sums of four products in float: about 2 units in the last place of the largest value.
  EXPECT_LT(worst, 255.0 * normalization.scale * 4e-7)
      << view.width_px << "x" << view.height_px << " to " << target_size.width_px << "x" << target_size.height_px;
}

TEST(PadResizerTest, MatchesReferenceForEveryFormatAndRowStride) {
  PadResizer resizer;
  for (const PixelFormat format :
       {PixelFormat::kRgb, PixelFormat::kBgr, PixelFormat::kRgba, PixelFormat::kBgra, PixelFormat::kGray}) {
    for (const std::ptrdiff_t padding_bytes : {0, 1, 13}) {
      SCOPED_TRACE(static_cast<int>(format));
      const TestImage image = RandomImage(37, 23, format, padding_bytes, 1);
      ExpectMatchesReference(image.view, {33, 33}, kMobileNet, resizer);
      ExpectMatchesReference(image.view, {65, 49}, kResNet, resizer);
    }
  }
}

TEST(PadResizerTest, MatchesReferenceForManySizes) {
  PadResizer resizer;
  const std::vector<Size> sources = {{1, 1},   {1, 2},   {2, 1},     {3, 200},  {200, 3}, {17, 17},
                                     {64, 48}, {48, 64}, {300, 151}, {1, 5000}, {5000, 1}};
  const std::vector<Size> targets = {{1, 1}, {9, 9}, {17, 33}, {33, 17}, {64, 48}, {129, 129}};
  unsigned seed = 0;
  for (const Size& source : sources) {
    const TestImage image = RandomImage(source.width_px, source.height_px, PixelFormat::kRgb, 0, ++seed);
    for (const Size& target : targets) ExpectMatchesReference(image.view, target, kMobileNet, resizer);
  }
}

TEST(PadResizerTest, ReadsRowsBottomUp) {
  const TestImage image = RandomImage(20, 12, PixelFormat::kRgb, 4, 5);
  ImageView flipped = image.view;
  flipped.data = image.view.data + image.view.row_stride_bytes * 11;
  flipped.row_stride_bytes = -image.view.row_stride_bytes;
  PadResizer resizer;
  ExpectMatchesReference(flipped, {33, 17}, kMobileNet, resizer);
}

TEST(PadResizerTest, OnlyNormalizesAnImageOfTheSameSize) {
  const TestImage image = RandomImage(33, 17, PixelFormat::kRgb, 0, 6);
  std::vector<float> target(33 * 17 * 3);
  PadResizer().Run(image.view, FitWithPadding({33, 17}, {33, 17}), {.scale = 1.0F, .bias = {}}, target);
  for (std::size_t i = 0; i < target.size(); ++i) ASSERT_EQ(target[i], image.bytes[i]) << i;
}

TEST(PadResizerTest, NormalizesThePadding) {
  const std::vector<std::uint8_t> white(8 * 2 * 3, 255);
  const ImageView view = {.data = white.data(), .width_px = 8, .height_px = 2};
  std::vector<float> target(8 * 8 * 3);
  PadResizer().Run(view, FitWithPadding({8, 2}, {8, 8}), kMobileNet, target);
  const std::span<const float> all = target;
  EXPECT_THAT(all.subspan(0, 3 * 8 * 3), Each(FloatEq(-1.0F)));
  EXPECT_THAT(all.subspan(3 * 8 * 3, 2 * 8 * 3), Each(FloatEq(1.0F)));
  EXPECT_THAT(all.subspan(5 * 8 * 3), Each(FloatEq(-1.0F)));
}

TEST(FitWithPaddingTest, PadsTheShortSideAsTensorFlowJsDoes) {
  // Values of padAndResizeTo of @tensorflow-models/posenet 2.2.2.
  PadAndResize fit = FitWithPadding({640, 427}, {513, 513});
  EXPECT_EQ(fit.pad_left_px, 0);
  EXPECT_EQ(fit.pad_right_px, 0);
  EXPECT_EQ(fit.pad_top_px, 107);  // round(106.5): halves round up.
  EXPECT_EQ(fit.pad_bottom_px, 107);
  EXPECT_EQ(fit.PaddedHeightPx(), 641);

  fit = FitWithPadding({427, 640}, {513, 513});
  EXPECT_EQ(fit.pad_left_px, 107);
  EXPECT_EQ(fit.pad_right_px, 107);
  EXPECT_EQ(fit.pad_top_px, 0);

  fit = FitWithPadding({640, 480}, {641, 481});  // 641 / 481 is narrower than 4 : 3 by less than half a pixel.
  EXPECT_EQ(fit.PaddedWidthPx(), 640);
  EXPECT_EQ(fit.PaddedHeightPx(), 480);
}

TEST(FitWithPaddingTest, SurvivesExtremeAspects) {
  PadAndResize fit = FitWithPadding({1, 20000}, {513, 513});
  EXPECT_EQ(fit.pad_left_px, 10000);
  EXPECT_EQ(fit.PaddedWidthPx(), 20001);

  constexpr int kMax = std::numeric_limits<int>::max();
  fit = FitWithPadding({kMax, 1}, {17, 8193});
  EXPECT_GT(fit.PaddedHeightPx(), std::int64_t{1} << 39);
  EXPECT_EQ(fit.PaddedWidthPx(), kMax);
  fit = FitWithPadding({1, kMax}, {8193, 17});
  EXPECT_GT(fit.PaddedWidthPx(), std::int64_t{1} << 39);
}

TEST(SourceFromTargetTest, ScalesByThePaddedSizeAndSubtractsThePadding) {
  const PadAndResize fit = FitWithPadding({640, 427}, {513, 513});
  const Point origin = fit.SourceFromTarget({0.0F, 0.0F});
  EXPECT_FLOAT_EQ(origin.x, 0.0F);
  EXPECT_FLOAT_EQ(origin.y, -107.0F);
  const Point far = fit.SourceFromTarget({513.0F, 513.0F});
  EXPECT_FLOAT_EQ(far.x, 640.0F);
  EXPECT_FLOAT_EQ(far.y, 641.0F - 107.0F);
}

TEST(SourceFromTargetTest, InvertsTheResizer) {
  // A white dot keeps its position to the target and back, within the half target pixel over which it is spread.
  std::vector<std::uint8_t> pixels(200 * 100, 0);
  pixels[61 * 200 + 143] = 255;
  const ImageView view = {.data = pixels.data(), .width_px = 200, .height_px = 100, .format = PixelFormat::kGray};
  const PadAndResize fit = FitWithPadding({200, 100}, {401, 401});
  std::vector<float> target(std::size_t{401} * 401 * 3);
  PadResizer().Run(view, fit, {.scale = 1.0F, .bias = {}}, target);
  const auto brightest = static_cast<int>(std::max_element(target.begin(), target.end()) - target.begin()) / 3;
  const Point found = fit.SourceFromTarget({static_cast<float>(brightest % 401), static_cast<float>(brightest / 401)});
  EXPECT_NEAR(found.x, 143.0F, 0.3F);
  EXPECT_NEAR(found.y, 61.0F, 0.3F);
}

/// One value by nearest neighbor, at the center of the target pixel.
double NearestValue(const ImageView& view, const PadAndResize& fit, int x, int y, int channel) {
  const double source_x = (x + 0.5) * static_cast<double>(fit.PaddedWidthPx()) / fit.target.width_px;
  const double source_y = (y + 0.5) * static_cast<double>(fit.PaddedHeightPx()) / fit.target.height_px;
  return PaddedValue(view, fit, static_cast<std::int64_t>(source_x), static_cast<std::int64_t>(source_y), channel);
}

TEST(ResampleTest, NearestTakesThePixelUnderTheCenter) {
  for (const PixelFormat format : {PixelFormat::kRgb, PixelFormat::kBgra, PixelFormat::kGray}) {
    const TestImage image = RandomImage(61, 37, format, 5, 3);
    for (const ImageFit fit_kind : {ImageFit::kPad, ImageFit::kStretch, ImageFit::kCrop}) {
      for (const auto& [width_px, height_px] : {std::pair(33, 49), std::pair(97, 17), std::pair(129, 129)}) {
        const PadAndResize fit = FitImage(fit_kind, {61, 37}, {width_px, height_px});
        std::vector<float> target(static_cast<std::size_t>(width_px * height_px * 3));
        PadResizer().Run(image.view, fit, {.scale = 1.0F, .bias = {}}, target, Resampling::kNearest);
        std::size_t i = 0;
        for (int y = 0; y < height_px; ++y) {
          for (int x = 0; x < width_px; ++x) {
            for (int channel = 0; channel < 3; ++channel, ++i) {
              ASSERT_EQ(target[i], NearestValue(image.view, fit, x, y, channel)) << x << ' ' << y << ' ' << channel;
            }
          }
        }
      }
    }
  }
}

TEST(ResampleTest, NearestIsExactAtTheBorderOfTwoPixels) {
  // The center of row 176 of 353 lies on the border of rows 638 and 639 of 1278.
  Image image = {.width_px = 1, .height_px = 1278, .rgb = std::vector<std::uint8_t>(1278 * 3)};
  image.rgb[639 * 3] = 1;
  std::vector<float> target(353 * 3);
  PadResizer().Run(image.View(), FitByStretching({1, 1278}, {1, 353}), {.scale = 1.0F, .bias = {}}, target,
                   Resampling::kNearest);
  EXPECT_EQ(target[176 * 3], 1.0F);
}

TEST(FitImageTest, ScalesXAndYIndependently) {
  const PadAndResize fit = FitImage(ImageFit::kStretch, {1000, 500}, {100, 200});
  EXPECT_EQ(fit.PaddedWidthPx(), 1000);
  EXPECT_EQ(fit.PaddedHeightPx(), 500);
  EXPECT_FLOAT_EQ(fit.SourceFromTarget({50.0F, 20.0F}).x, 500.0F);
  EXPECT_FLOAT_EQ(fit.SourceFromTarget({50.0F, 20.0F}).y, 50.0F);
}

TEST(FitImageTest, CropsToTheAspectRatioOfTheTarget) {
  const PadAndResize wide = FitImage(ImageFit::kCrop, {1000, 500}, {100, 100});
  EXPECT_EQ(wide.pad_left_px, -250);
  EXPECT_EQ(wide.pad_right_px, -250);
  EXPECT_EQ(wide.pad_top_px, 0);
  EXPECT_FLOAT_EQ(wide.SourceFromTarget({0.0F, 50.0F}).x, 250.0F);
  EXPECT_FLOAT_EQ(wide.SourceFromTarget({0.0F, 50.0F}).y, 250.0F);
  const PadAndResize tall = FitImage(ImageFit::kCrop, {301, 1000}, {200, 100});
  EXPECT_EQ(tall.PaddedWidthPx(), 301);
  EXPECT_EQ(tall.PaddedHeightPx(), 151);
  EXPECT_EQ(tall.pad_top_px, -424);
  EXPECT_EQ(tall.pad_bottom_px, -425);
}

TEST(FitImageTest, KeepsAtLeastOnePixelWhenCropping) {
  for (const Size& source : {Size{1, 1 << 30}, Size{1 << 30, 1}, Size{1, 1}}) {
    for (const Size& target : {Size{8192, 1}, Size{1, 8192}}) {
      const PadAndResize fit = FitByCropping(source, target);
      EXPECT_GE(fit.PaddedWidthPx(), 1);
      EXPECT_GE(fit.PaddedHeightPx(), 1);
      EXPECT_LE(fit.PaddedWidthPx(), source.width_px);
      EXPECT_LE(fit.PaddedHeightPx(), source.height_px);
    }
  }
}

}  // namespace
}  // namespace posenet::image

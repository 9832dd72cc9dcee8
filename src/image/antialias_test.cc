// SPDX-License-Identifier: Apache-2.0
#include "image/antialias.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ostream>
#include <random>
#include <vector>

#include "image/image.h"
#include "image/resample.h"
#include "image/testing/random_image.h"

namespace posenet::image {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::Pointwise;

ViewRectangle WholeOf(const ImageView& image) {
  return {.left_px = 0.0,
          .top_px = 0.0,
          .width_px = static_cast<double>(image.width_px),
          .height_px = static_cast<double>(image.height_px)};
}

/// The weight of pixel `source` for pixel `target` along one axis, as PIL's BILINEAR has it.
double WeightAt(int source, int target, double start, double length, int target_size) {
  const double step = length / target_size;
  const double distance = source + 0.5 - (start + (target + 0.5) * step);
  return std::max(0.0, 1.0 - std::abs(distance) / std::max(1.0, step));
}

/// Whether the triangle may fall on it: on the image, or on the black that the view adds.
bool Counts(int source, double start, double length, int source_size) {
  return source >= std::min(0.0, std::floor(start)) &&
         source < std::max<double>(source_size, std::ceil(start + length));
}

/// The definition, one value at a time over the whole neighbourhood.
double ReferenceValue(const ImageView& image, const ViewRectangle& view, int target_width, int target_height, int x,
                      int y, int channel) {
  constexpr int kMargin = 40;
  double sum = 0.0;
  double total = 0.0;
  const bool reversed = image.format == PixelFormat::kBgr || image.format == PixelFormat::kBgra;
  const int byte = image.format == PixelFormat::kGray ? 0 : reversed ? 2 - channel : channel;
  for (int v = -kMargin; v < image.height_px + kMargin; ++v) {
    if (!Counts(v, view.top_px, view.height_px, image.height_px)) continue;
    const double row_weight = WeightAt(v, y, view.top_px, view.height_px, target_height);
    if (row_weight == 0.0) continue;
    for (int u = -kMargin; u < image.width_px + kMargin; ++u) {
      if (!Counts(u, view.left_px, view.width_px, image.width_px)) continue;
      const double weight = row_weight * WeightAt(u, x, view.left_px, view.width_px, target_width);
      total += weight;
      if (u < 0 || v < 0 || u >= image.width_px || v >= image.height_px) continue;
      sum += weight * image.data[v * image.RowStrideBytes() + u * BytesPerPixel(image.format) + byte];
    }
  }
  return sum / total;
}

std::vector<float> Resize(const ImageView& image, const ViewRectangle& view, int width, int height,
                          const Normalization& normalization = {}) {
  std::vector<float> target(static_cast<std::size_t>(width * height) * 3, -1e6F);
  AntialiasResizer().Run(image, view, width, height, normalization, target);
  return target;
}

struct Case {
  int width;
  int height;
  ViewRectangle view;
  int target_width;
  int target_height;

  friend std::ostream& operator<<(std::ostream& out, const Case& c) {
    return out << c.width << 'x' << c.height << " to " << c.target_width << 'x' << c.target_height;
  }
};

class AntialiasTest : public ::testing::TestWithParam<Case> {};

TEST_P(AntialiasTest, IsItsDefinition) {
  const Case& c = GetParam();
  for (const PixelFormat format :
       {PixelFormat::kRgb, PixelFormat::kBgr, PixelFormat::kRgba, PixelFormat::kBgra, PixelFormat::kGray}) {
    const TestImage image = RandomImage(c.width, c.height, format);
    const std::vector<float> target =
        Resize(image.view, c.view, c.target_width, c.target_height, {.scale = 0.5F, .bias = {-1.0F, 2.0F, 3.0F}});
    std::vector<std::uint8_t> bytes(target.size());
    AntialiasResizer().Run(image.view, c.view, c.target_width, c.target_height, bytes);
    const float bias[3] = {-1.0F, 2.0F, 3.0F};
    std::size_t i = 0;
    for (int y = 0; y < c.target_height; ++y) {
      for (int x = 0; x < c.target_width; ++x) {
        for (int channel = 0; channel < 3; ++channel, ++i) {
          const double expected = ReferenceValue(image.view, c.view, c.target_width, c.target_height, x, y, channel);
          // Sums of up to a hundred products of 255 and rounded weights.
          ASSERT_NEAR(target[i], 0.5 * expected + bias[channel], 1e-3) << x << ", " << y << ", channel " << channel;
          ASSERT_NEAR(bytes[i], expected, 0.5 + 1e-3) << x << ", " << y << ", channel " << channel;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, AntialiasTest,
    ::testing::Values(
        Case{.width = 8, .height = 6, .view = {0, 0, 8, 6}, .target_width = 4, .target_height = 3},
        Case{.width = 31, .height = 17, .view = {0, 0, 31, 17}, .target_width = 12, .target_height = 5},
        Case{.width = 31, .height = 17, .view = {3.3, 2.1, 20.4, 13.6}, .target_width = 9, .target_height = 6},
        Case{.width = 2, .height = 2, .view = {0, 0.25, 2, 1.5}, .target_width = 8, .target_height = 6},
        Case{.width = 1, .height = 1, .view = {0, 0, 1, 1}, .target_width = 3, .target_height = 2},
        Case{.width = 7, .height = 5, .view = {0, 0, 7, 5}, .target_width = 20, .target_height = 11},
        Case{.width = 7, .height = 5, .view = {0, -3, 7, 11}, .target_width = 4, .target_height = 9},
        Case{.width = 7, .height = 5, .view = {-2.5, 1, 12, 3}, .target_width = 5, .target_height = 2},
        Case{.width = 9, .height = 9, .view = {20, 20, 5, 5}, .target_width = 2, .target_height = 2}));

TEST(AntialiasResizer, HalvesByTheTriangleOfReachTwo) {
  // A row of 0, 0, 0, 0, 80, 80, 80, 80 at half its width: pixel 1 has its centre at 3 and reaches from 1 to 5, with
  // weights 1, 3, 3, 1 of 8; pixel 2 likewise. At the border the triangle is cut off: 3, 3, 1 of 7.
  const std::vector<std::uint8_t> row = {0, 0, 0, 0, 80, 80, 80, 80};
  const ImageView image = {
      .data = row.data(), .width_px = 8, .height_px = 1, .row_stride_bytes = 0, .format = PixelFormat::kGray};
  std::vector<std::uint8_t> half(12);
  AntialiasResizer().Run(image, WholeOf(image), 4, 1, half);
  EXPECT_THAT(half, ElementsAre(0, 0, 0, 10, 10, 10, 70, 70, 70, 80, 80, 80));
}

TEST(AntialiasResizer, KeepsAImageOfTheSameSize) {
  const TestImage image = RandomImage(13, 9);
  std::vector<std::uint8_t> same(image.bytes.size());
  AntialiasResizer().Run(image.view, WholeOf(image.view), 13, 9, same);
  EXPECT_EQ(same, image.bytes);
}

TEST(AntialiasResizer, MakesStripesGray) {
  // Every second column white, at a third of the width: bilinear sampling at points would alternate.
  std::vector<std::uint8_t> stripes(96 * 3);
  for (std::size_t i = 0; i < stripes.size(); ++i) stripes[i] = i / 3 % 2 == 0 ? 0 : 255;
  const ImageView image = {
      .data = stripes.data(), .width_px = 96, .height_px = 1, .row_stride_bytes = 0, .format = PixelFormat::kRgb};
  EXPECT_THAT(Resize(image, {3, 0, 90, 1}, 30, 1), Each(FloatNear(127.5F, 15.0F)));
}

TEST(AntialiasResizer, ReadsImagesStoredBottomUp) {
  const TestImage image = RandomImage(10, 8);
  ImageView flipped = image.view;
  flipped.data = image.view.data + 7 * image.view.RowStrideBytes();
  flipped.row_stride_bytes = -image.view.RowStrideBytes();
  std::vector<float> upright = Resize(image.view, WholeOf(image.view), 4, 3);
  std::vector<float> mirrored = Resize(flipped, WholeOf(flipped), 4, 3);
  std::swap_ranges(upright.begin(), upright.begin() + 12, upright.end() - 12);
  EXPECT_THAT(mirrored, Pointwise(FloatNear(1e-3F), upright));
}

TEST(AntialiasResizer, IsReusedForOtherSizes) {
  AntialiasResizer resizer;
  for (const int side : {40, 3, 25}) {
    const TestImage image = RandomImage(side, side + 2, side == 3 ? PixelFormat::kGray : PixelFormat::kBgra);
    std::vector<float> target(5 * 7 * 3);
    resizer.Run(image.view, WholeOf(image.view), 5, 7, {}, target);
    EXPECT_EQ(target, Resize(image.view, WholeOf(image.view), 5, 7));
  }
}

TEST(PadResizer, AntialiasesThePaddedImage) {
  const TestImage image = RandomImage(30, 12);
  const PadAndResize fit = FitWithPadding(30, 12, 9, 9);
  std::vector<float> target(9 * 9 * 3);
  PadResizer().Run(image.view, fit, {}, target, Resampling::kAntialiased);
  EXPECT_EQ(target, Resize(image.view, {0, -9, 30, 30}, 9, 9));
}

TEST(PadResizer, AntialiasesTheLargestPaddingQuickly) {
  // A line of many pixels padded to a square: a pixel of the target is made of more black than anyone could add up.
  const TestImage image = RandomImage(1'000'000, 1, PixelFormat::kGray);
  const PadAndResize fit = FitWithPadding(1'000'000, 1, 3, 3);
  std::vector<float> target(27);
  PadResizer().Run(image.view, fit, {}, target, Resampling::kAntialiased);
  EXPECT_THAT(target, Each(FloatNear(0.0F, 0.01F)));
}

}  // namespace
}  // namespace posenet::image

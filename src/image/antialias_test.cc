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

/// The weight of pixel `source` in pixel `target` along one axis, as in PIL's BILINEAR.
double WeightAt(int source, int target, double start, double length, int target_size) {
  const double step = length / target_size;
  const double distance = source + 0.5 - (start + (target + 0.5) * step);
  return std::max(0.0, 1.0 - std::abs(distance) / std::max(1.0, step));
}

/// Whether pixel `source` belongs to the image or to the black that the view adds.
bool IsInside(int source, double start, double length, int source_size) {
  return source >= std::min(0.0, std::floor(start)) &&
         source < std::max<double>(source_size, std::ceil(start + length));
}

/// The definition, value by value over a large neighborhood.
double ReferenceValue(const ImageView& image, const ViewRectangle& view, Size target, int x, int y, int channel) {
  constexpr int kMargin = 40;
  double sum = 0.0;
  double total = 0.0;
  const bool reversed = image.format == PixelFormat::kBgr || image.format == PixelFormat::kBgra;
  const int byte = image.format == PixelFormat::kGray ? 0 : reversed ? 2 - channel : channel;
  for (int v = -kMargin; v < image.height_px + kMargin; ++v) {
    if (!IsInside(v, view.top_px, view.height_px, image.height_px)) continue;
    const double row_weight = WeightAt(v, y, view.top_px, view.height_px, target.height_px);
    if (row_weight == 0.0) continue;
    for (int u = -kMargin; u < image.width_px + kMargin; ++u) {
      if (!IsInside(u, view.left_px, view.width_px, image.width_px)) continue;
      const double weight = row_weight * WeightAt(u, x, view.left_px, view.width_px, target.width_px);
      total += weight;
      if (u < 0 || v < 0 || u >= image.width_px || v >= image.height_px) continue;
      sum += weight * image.data[v * image.RowStrideBytes() + u * BytesPerPixel(image.format) + byte];
    }
  }
  return sum / total;
}

std::vector<float> Resize(const ImageView& image, const ViewRectangle& view, Size target,
                          const Normalization& normalization = {}) {
  std::vector<float> resized(static_cast<std::size_t>(target.width_px * target.height_px) * 3, -1e6F);
  AntialiasResizer().Run(image, view, target, normalization, resized);
  return resized;
}

struct Case {
  Size source;
  ViewRectangle view;
  Size target;

  friend std::ostream& operator<<(std::ostream& out, const Case& c) {
    return out << c.source.width_px << 'x' << c.source.height_px << " to " << c.target.width_px << 'x'
               << c.target.height_px;
  }
};

class AntialiasTest : public ::testing::TestWithParam<Case> {};

TEST_P(AntialiasTest, MatchesTheDefinition) {
  const Case& c = GetParam();
  for (const PixelFormat format :
       {PixelFormat::kRgb, PixelFormat::kBgr, PixelFormat::kRgba, PixelFormat::kBgra, PixelFormat::kGray}) {
    const TestImage image = RandomImage(c.source.width_px, c.source.height_px, format);
    const std::vector<float> target =
        Resize(image.view, c.view, c.target, {.scale = 0.5F, .bias = {-1.0F, 2.0F, 3.0F}});
    std::vector<std::uint8_t> bytes(target.size());
    AntialiasResizer().Run(image.view, c.view, c.target, bytes);
    const float bias[3] = {-1.0F, 2.0F, 3.0F};
    std::size_t i = 0;
    for (int y = 0; y < c.target.height_px; ++y) {
      for (int x = 0; x < c.target.width_px; ++x) {
        for (int channel = 0; channel < 3; ++channel, ++i) {
          const double expected = ReferenceValue(image.view, c.view, c.target, x, y, channel);
          // The rounding of up to a hundred products of 255 and a weight.
          ASSERT_NEAR(target[i], 0.5 * expected + bias[channel], 1e-3) << x << ", " << y << ", channel " << channel;
          ASSERT_NEAR(bytes[i], expected, 0.5 + 1e-3) << x << ", " << y << ", channel " << channel;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, AntialiasTest,
                         ::testing::Values(Case{.source = {8, 6}, .view = {0, 0, 8, 6}, .target = {4, 3}},
                                           Case{.source = {31, 17}, .view = {0, 0, 31, 17}, .target = {12, 5}},
                                           Case{.source = {31, 17}, .view = {3.3, 2.1, 20.4, 13.6}, .target = {9, 6}},
                                           Case{.source = {2, 2}, .view = {0, 0.25, 2, 1.5}, .target = {8, 6}},
                                           Case{.source = {1, 1}, .view = {0, 0, 1, 1}, .target = {3, 2}},
                                           Case{.source = {7, 5}, .view = {0, 0, 7, 5}, .target = {20, 11}},
                                           Case{.source = {7, 5}, .view = {0, -3, 7, 11}, .target = {4, 9}},
                                           Case{.source = {7, 5}, .view = {-2.5, 1, 12, 3}, .target = {5, 2}},
                                           Case{.source = {9, 9}, .view = {20, 20, 5, 5}, .target = {2, 2}}));

TEST(AntialiasResizer, HalvesWithATriangleOfReachTwo) {
  // Pixel 1 has its center at 3 and reaches from 1 to 5, with weights 1, 3, 3, 1 of 8; pixel 2 has the same weights. At
  // the border the triangle is truncated: 3, 3, 1 of 7.
  const std::vector<std::uint8_t> row = {0, 0, 0, 0, 80, 80, 80, 80};
  const ImageView image = {
      .data = row.data(), .width_px = 8, .height_px = 1, .row_stride_bytes = 0, .format = PixelFormat::kGray};
  std::vector<std::uint8_t> half(12);
  AntialiasResizer().Run(image, WholeOf(image), {4, 1}, half);
  EXPECT_THAT(half, ElementsAre(0, 0, 0, 10, 10, 10, 70, 70, 70, 80, 80, 80));
}

TEST(AntialiasResizer, KeepsAImageOfTheSameSize) {
  const TestImage image = RandomImage(13, 9);
  std::vector<std::uint8_t> same(image.bytes.size());
  AntialiasResizer().Run(image.view, WholeOf(image.view), {13, 9}, same);
  EXPECT_EQ(same, image.bytes);
}

TEST(AntialiasResizer, MakesStripesGray) {
  // Alternating black and white columns at a third of the width: point sampling would alternate, too.
  std::vector<std::uint8_t> stripes(96 * 3);
  for (std::size_t i = 0; i < stripes.size(); ++i) stripes[i] = i / 3 % 2 == 0 ? 0 : 255;
  const ImageView image = {
      .data = stripes.data(), .width_px = 96, .height_px = 1, .row_stride_bytes = 0, .format = PixelFormat::kRgb};
  EXPECT_THAT(Resize(image, {3, 0, 90, 1}, {30, 1}), Each(FloatNear(127.5F, 15.0F)));
}

TEST(AntialiasResizer, ReadsImagesStoredBottomUp) {
  const TestImage image = RandomImage(10, 8);
  ImageView flipped = image.view;
  flipped.data = image.view.data + 7 * image.view.RowStrideBytes();
  flipped.row_stride_bytes = -image.view.RowStrideBytes();
  std::vector<float> upright = Resize(image.view, WholeOf(image.view), {4, 3});
  std::vector<float> mirrored = Resize(flipped, WholeOf(flipped), {4, 3});
  std::swap_ranges(upright.begin(), upright.begin() + 12, upright.end() - 12);
  EXPECT_THAT(mirrored, Pointwise(FloatNear(1e-3F), upright));
}

TEST(AntialiasResizer, CanBeReusedForOtherSizes) {
  AntialiasResizer resizer;
  for (const int side : {40, 3, 25}) {
    const TestImage image = RandomImage(side, side + 2, side == 3 ? PixelFormat::kGray : PixelFormat::kBgra);
    std::vector<float> target(5 * 7 * 3);
    resizer.Run(image.view, WholeOf(image.view), {5, 7}, {}, target);
    EXPECT_EQ(target, Resize(image.view, WholeOf(image.view), {5, 7}));
  }
}

TEST(PadResizer, AntialiasesThePaddedImage) {
  const TestImage image = RandomImage(30, 12);
  const PadAndResize fit = FitWithPadding({30, 12}, {9, 9});
  std::vector<float> target(9 * 9 * 3);
  PadResizer().Run(image.view, fit, {}, target, Resampling::kAntialiased);
  EXPECT_EQ(target, Resize(image.view, {0, -9, 30, 30}, {9, 9}));
}

TEST(PadResizer, DoesNotSumLargePaddingPixelByPixel) {
  // A line of a million pixels padded to a square: each target pixel covers 1e11 pixels of padding, which would time
  // out.
  const TestImage image = RandomImage(1'000'000, 1, PixelFormat::kGray);
  const PadAndResize fit = FitWithPadding({1'000'000, 1}, {3, 3});
  std::vector<float> target(27);
  PadResizer().Run(image.view, fit, {}, target, Resampling::kAntialiased);
  EXPECT_THAT(target, Each(FloatNear(0.0F, 0.01F)));
}

}  // namespace
}  // namespace posenet::image

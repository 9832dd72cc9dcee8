// SPDX-License-Identifier: Apache-2.0
#include "media/raster.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <set>
#include <string>
#include <vector>

namespace posenet::media {
namespace {

constexpr Color kWhite = {255, 255, 255};

image::Image BlackImage(int width_px, int height_px) {
  const auto bytes = static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3;
  return {.width_px = width_px, .height_px = height_px, .rgb = std::vector<std::uint8_t>(bytes, 0)};
}

double CoverageAt(const image::Image& image, int x, int y) {
  return image.rgb[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width_px) +
                        static_cast<std::size_t>(x))] /
         255.0;
}

double Area(const image::Image& image) {
  double area = 0.0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) area += image.rgb[i] / 255.0;
  return area;
}

TEST(Raster, AreasAreThoseOfTheShapes) {
  for (const double radius_px : {1.0, 2.5, 7.3, 20.0}) {
    image::Image image = BlackImage(200, 100);
    FillCapsule(image, {50.3, 49.8}, {50.3, 49.8}, radius_px, kWhite);
    const double disc = std::numbers::pi * radius_px * radius_px;
    // Coverage by distance is exact for straight edges; the smaller the disc, the more its rim bends.
    EXPECT_NEAR(Area(image), disc, 0.02 * disc + 0.3) << radius_px;

    image = BlackImage(200, 100);
    FillCapsule(image, {40.0, 30.0}, {120.0, 70.0}, radius_px, kWhite);
    const double capsule = disc + 2 * radius_px * std::hypot(80.0, 40.0);
    EXPECT_NEAR(Area(image), capsule, 0.02 * capsule) << radius_px;

    image = BlackImage(200, 100);
    FillRoundedBox(image, {.left = 20, .top = 10, .width = 100, .height = 60}, radius_px, kWhite);
    EXPECT_NEAR(Area(image), 6000.0 - (4.0 - std::numbers::pi) * radius_px * radius_px, 0.1 * radius_px * radius_px);
  }
}

TEST(Raster, PlacesShapesAtTheCentersOfPixels) {
  image::Image image = BlackImage(11, 11);
  FillCapsule(image, {2.0, 5.0}, {8.0, 5.0}, 0.5, kWhite);
  EXPECT_DOUBLE_EQ(CoverageAt(image, 5, 5), 1.0);
  EXPECT_DOUBLE_EQ(CoverageAt(image, 5, 4), 0.0);
  EXPECT_DOUBLE_EQ(CoverageAt(image, 5, 6), 0.0);
  image = BlackImage(11, 11);
  FillCapsule(image, {5.5, 2.0}, {5.5, 8.0}, 0.5, kWhite);
  EXPECT_NEAR(CoverageAt(image, 5, 5), 0.5, 0.01);
  EXPECT_NEAR(CoverageAt(image, 6, 5), 0.5, 0.01);
}

TEST(Raster, DrawsOnlyTheVisiblePart) {
  image::Image whole = BlackImage(300, 300);
  FillCapsule(whole, {-50.0, 10.0}, {340.0, 290.0}, 6.0, kWhite);
  FillRoundedBox(whole, {.left = 250, .top = -20, .width = 100, .height = 60}, 8.0, kWhite);
  image::Image part = BlackImage(100, 100);
  FillCapsule(part, {-150.0, -90.0}, {240.0, 190.0}, 6.0, kWhite);
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 100; ++x) EXPECT_EQ(CoverageAt(part, x, y), CoverageAt(whole, x + 100, y + 100));
  }
  EXPECT_EQ(CoverageAt(whole, 299, 20), 1.0);
}

TEST(Raster, DrawsLinesToPositionsFarOutside) {
  image::Image image = BlackImage(64, 48);
  FillCapsule(image, {-9e8, 20.0}, {9e8, 20.0}, 3.0, kWhite);
  EXPECT_NEAR(Area(image), 64 * 6.0, 1.0);
  FillCapsule(image, {9e8, 9e8}, {9e8, 9e8}, 3.0, kWhite);
  EXPECT_NEAR(Area(image), 64 * 6.0, 1.0);
}

TEST(Raster, GlyphsDifferAndStayInTheirBox) {
  std::set<std::vector<std::uint8_t>> glyphs;
  for (const char character : std::string("0123456789%-")) {
    const std::string text(1, character);
    image::Image image = BlackImage(80, 60);
    DrawText(image, text, {10.0, 10.0}, 40.0, 4.0, kWhite);
    EXPECT_GT(Area(image), 50.0) << character;
    const double right_px = 10.0 + 40.0 * TextWidth(text) + 3.0;
    for (int y = 0; y < 60; ++y) {
      for (int x = 0; x < 80; ++x) {
        if (x < 7 || x > right_px || y < 7 || y > 53) {
          EXPECT_EQ(CoverageAt(image, x, y), 0.0) << character << ' ' << x << ' ' << y;
        }
      }
    }
    EXPECT_TRUE(glyphs.insert(image.rgb).second) << character;
  }
}

TEST(Raster, TextIsAsWideAsItsGlyphs) {
  EXPECT_EQ(TextWidth(""), 0.0);
  EXPECT_LT(TextWidth("1"), TextWidth("11"));
  EXPECT_DOUBLE_EQ(TextWidth("12 %") - TextWidth("12"), TextWidth("34 %") - TextWidth("34"));
}

}  // namespace
}  // namespace posenet::media

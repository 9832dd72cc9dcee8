// SPDX-License-Identifier: Apache-2.0
#include "media/exif.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace posenet::media {
namespace {

using namespace std::literals;

Orientation Parse(std::string_view app1) { return ExifOrientation(std::as_bytes(std::span(app1))); }

constexpr auto kBigEndian =
    "Exif\0\0MM\0*\0\0\0\x08\0\x02"
    "\x01\x0F\0\x02\0\0\0\x04"
    "abc\0"
    "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"sv;
constexpr auto kLittleEndian =
    "Exif\0\0II*\0\x08\0\0\0\x01\0"
    "\x12\x01\x03\0\x01\0\0\0\x08\0\0\0"sv;

TEST(Exif, ReadsBothByteOrders) {
  EXPECT_EQ(Parse(kBigEndian), Orientation::kRightTop);
  EXPECT_EQ(Parse(kLittleEndian), Orientation::kLeftBottom);
}

TEST(Exif, IgnoresDamagedSegments) {
  for (std::size_t length = 0; length + 2 < kLittleEndian.size(); ++length) {
    const std::vector<char> exact(kLittleEndian.begin(), kLittleEndian.begin() + static_cast<std::ptrdiff_t>(length));
    const Orientation orientation = Parse(std::string_view(exact.data(), exact.size()));
    EXPECT_TRUE(orientation == Orientation::kTopLeft || length >= 26) << length;
  }
  EXPECT_EQ(Parse("http://ns.adobe.com/xap/1.0/"), Orientation::kTopLeft);
  EXPECT_EQ(Parse("Exif\0\0II*\0\xFF\xFF\xFF\xFF\xFF\xFF"sv), Orientation::kTopLeft);
  EXPECT_EQ(Parse("Exif\0\0II*\0\x08\0\0\0\xFF\xFF"sv), Orientation::kTopLeft);
}

TEST(Exif, IgnoresInvalidOrientations) {
  for (const char value : {'\0', '\x09', '\x7F'}) {
    std::string app1(kLittleEndian);
    app1[24] = value;
    EXPECT_EQ(Parse(app1), Orientation::kTopLeft);
  }
}

TEST(Exif, ReturnsAValidOrientationForRandomData) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string app1(kBigEndian);
    for (std::size_t k = 6; k < app1.size(); ++k) {
      if (random() % 4 == 0) app1[k] = static_cast<char>(random());
    }
    const auto value = static_cast<int>(Parse(app1));
    EXPECT_GE(value, 1);
    EXPECT_LE(value, 8);
  }
}

// An image with one gray value per pixel.
image::Image Gray(int width_px, int height_px, const std::vector<std::uint8_t>& values) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  for (const std::uint8_t value : values) image.rgb.insert(image.rgb.end(), 3, value);
  return image;
}

// The upright image  1 2 3  as stored in each orientation, by definition.
//                    4 5 6
TEST(Upright, InvertsEachOrientation) {
  const image::Image upright = Gray(3, 2, {1, 2, 3, 4, 5, 6});
  const std::vector<image::Image> stored = {
      Gray(3, 2, {1, 2, 3, 4, 5, 6}),  // First row is the top, first column the left.
      Gray(3, 2, {3, 2, 1, 6, 5, 4}),  // Top, right.
      Gray(3, 2, {6, 5, 4, 3, 2, 1}),  // Bottom, right.
      Gray(3, 2, {4, 5, 6, 1, 2, 3}),  // Bottom, left.
      Gray(2, 3, {1, 4, 2, 5, 3, 6}),  // Left, top.
      Gray(2, 3, {3, 6, 2, 5, 1, 4}),  // Right, top.
      Gray(2, 3, {6, 3, 5, 2, 4, 1}),  // Right, bottom.
      Gray(2, 3, {4, 1, 5, 2, 6, 3}),  // Left, bottom.
  };
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const image::Image turned = Upright(stored[i], OrientationFromTag(static_cast<unsigned>(i) + 1));
    EXPECT_EQ(turned.width_px, 3) << i + 1;
    EXPECT_EQ(turned.height_px, 2) << i + 1;
    EXPECT_EQ(turned.rgb, upright.rgb) << i + 1;
  }
}

}  // namespace
}  // namespace posenet::media

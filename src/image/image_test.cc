// SPDX-License-Identifier: Apache-2.0
#include "image/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace posenet::image {
namespace {

using ::testing::HasSubstr;

constexpr std::array<std::uint8_t, 64> kPixels = {};

ImageView View() { return {.data = kPixels.data(), .width_px = 4, .height_px = 3}; }

void ExpectRejected(const ImageView& view, const char* message) {
  const auto result = CheckView(view);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(result.error().message, HasSubstr(message));
}

TEST(CheckViewTest, AcceptsImages) {
  EXPECT_TRUE(CheckView(View()).has_value());
  for (const PixelFormat format :
       {PixelFormat::kRgb, PixelFormat::kBgr, PixelFormat::kRgba, PixelFormat::kBgra, PixelFormat::kGray}) {
    ImageView view = View();
    view.format = format;
    for (const std::ptrdiff_t padding_bytes : {0, 1, 100}) {
      view.row_stride_bytes = 4 * BytesPerPixel(format) + padding_bytes;
      EXPECT_TRUE(CheckView(view).has_value());
      view.row_stride_bytes = -view.row_stride_bytes;
      EXPECT_TRUE(CheckView(view).has_value()) << "bottom-up rows";
    }
  }
}

TEST(CheckViewTest, RejectsNullDataEmptySidesAndUnknownFormats) {
  ImageView view = View();
  view.data = nullptr;
  ExpectRejected(view, "null");
  for (const int side : {0, -1, std::numeric_limits<int>::min()}) {
    view = View();
    view.width_px = side;
    ExpectRejected(view, "sides of at least 1");
    view = View();
    view.height_px = side;
    ExpectRejected(view, "sides of at least 1");
  }
  view = View();
  view.format = static_cast<PixelFormat>(77);
  ExpectRejected(view, "pixel format 77");
}

TEST(CheckViewTest, RejectsOverlappingRows) {
  ImageView view = View();
  for (const std::ptrdiff_t stride : {11, 1, -1, -11}) {
    view.row_stride_bytes = stride;
    ExpectRejected(view, "overlap");
  }
  view.height_px = 1;
  EXPECT_TRUE(CheckView(view).has_value()) << "one row overlaps with nothing";
}

TEST(CheckViewTest, RejectsStridesThatExceedMemory) {
  ImageView view = View();
  view.height_px = std::numeric_limits<int>::max();
  for (const std::ptrdiff_t stride :
       {std::numeric_limits<std::ptrdiff_t>::max(), std::numeric_limits<std::ptrdiff_t>::min(),
        std::numeric_limits<std::ptrdiff_t>::max() / 1000}) {
    view.row_stride_bytes = stride;
    ExpectRejected(view, "do not fit into memory");
  }
}

TEST(FlipHorizontally, MirrorsRows) {
  Image image = {.width_px = 3, .height_px = 2, .rgb = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19}};
  FlipHorizontally(image);
  const std::vector<std::uint8_t> flipped = {7, 8, 9, 4, 5, 6, 1, 2, 3, 17, 18, 19, 14, 15, 16, 11, 12, 13};
  EXPECT_EQ(image.rgb, flipped);
  Image empty;
  FlipHorizontally(empty);
  EXPECT_TRUE(empty.rgb.empty());
}

}  // namespace
}  // namespace posenet::image

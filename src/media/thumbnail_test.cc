// SPDX-License-Identifier: Apache-2.0
#include "media/thumbnail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/image_file.h"
#include "media/testing/encoders.h"

namespace posenet::media {
namespace {

TEST(EncodeThumbnail, ScalesDownProportionallyButNotUp) {
  const image::Image image = SmoothImage(400, 100);
  const auto small = EncodeThumbnail(image, 200);
  ASSERT_TRUE(small) << small.error().message;
  const auto decoded = DecodeImage(*small, "small");
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->width_px, 200);
  EXPECT_EQ(decoded->height_px, 50);
  EXPECT_NEAR(PixelAt(*decoded, 100, 25)[0], PixelAt(image, 200, 50)[0], 6);
  EXPECT_EQ(DecodeImage(*EncodeThumbnail(image, 1000), "same")->width_px, 400);
  EXPECT_EQ(DecodeImage(*EncodeThumbnail(SmoothImage(1000, 2), 10), "thin")->height_px, 1);
  EXPECT_EQ(EncodeThumbnail({}, 10).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace posenet::media

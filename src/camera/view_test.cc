// SPDX-License-Identifier: Apache-2.0
#include "camera/view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace posenet::camera {
namespace {

TEST(CentralView, IsAllOfAPhotoOfTheInputsAspectRatio) {
  EXPECT_EQ(CentralView({640, 480}, {256, 192}, 1.0), (image::ViewRectangle{0, 0, 640, 480}));
}

TEST(CentralView, IsTheLargestCenteredPart) {
  EXPECT_EQ(CentralView({640, 480}, {224, 224}, 1.0), (image::ViewRectangle{80, 0, 480, 480}));
  EXPECT_EQ(CentralView({480, 640}, {224, 224}, 1.0), (image::ViewRectangle{0, 80, 480, 480}));
}

TEST(CentralView, IsNotRoundedToPixels) {
  EXPECT_EQ(CentralView({2, 2}, {256, 192}, 1.0), (image::ViewRectangle{0, 0.25, 2, 1.5}));
}

TEST(CentralView, IsScaledByTheCropShare) {
  EXPECT_EQ(CentralView({512, 256}, {224, 224}, 224.0 / 256.0), (image::ViewRectangle{144, 16, 224, 224}));
}

TEST(CentralView, StaysWithinThePhoto) {
  for (int width = 1; width < 100; ++width) {
    for (int height = 1; height < 100; ++height) {
      const image::ViewRectangle view = CentralView({width, height}, {341, 256}, 1.0);
      EXPECT_GE(view.left_px, 0.0);
      EXPECT_GE(view.top_px, 0.0);
      EXPECT_LE(view.width_px, width);
      EXPECT_LE(view.height_px, height);
    }
  }
}

TEST(DenseViews, OfOneIsTheCentralView) {
  const auto views = DenseViews({512, 256}, {224, 224}, 0.875, 1);
  EXPECT_THAT(views, ::testing::ElementsAre(CentralView({512, 256}, {224, 224}, 0.875)));
}

TEST(DenseViews, SpreadOverThePhoto) {
  // Views can move by 288 x 32 pixels: 34 x 4 cells are nearly square.
  const auto views = DenseViews({512, 256}, {224, 224}, 0.875, 128);
  EXPECT_NEAR(static_cast<double>(views.size()), 128.0, 8.0);
  EXPECT_EQ(views.front(), (image::ViewRectangle{0, 0, 224, 224}));
  EXPECT_EQ(views.back(), (image::ViewRectangle{288, 32, 224, 224}));
  double sum_x = 0.0;
  double sum_y = 0.0;
  for (const image::ViewRectangle& view : views) {
    sum_x += view.left_px;
    sum_y += view.top_px;
  }
  EXPECT_NEAR(sum_x / static_cast<double>(views.size()), 144.0, 1e-9);
  EXPECT_NEAR(sum_y / static_cast<double>(views.size()), 16.0, 1e-9);
}

TEST(DenseViews, FormALineIfTheyCanMoveInOneDirection) {
  const auto views = DenseViews({640, 480}, {480, 480}, 1.0, 5);
  ASSERT_EQ(views.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(views[i], (image::ViewRectangle{40.0 * static_cast<double>(i), 0, 480, 480}));
  EXPECT_EQ(DenseViews({480, 640}, {480, 480}, 1.0, 3)[1], (image::ViewRectangle{0, 80, 480, 480}));
}

TEST(DenseViews, IsOneViewIfItCannotMove) { EXPECT_EQ(DenseViews({640, 480}, {256, 192}, 1.0, 9).size(), 1U); }

}  // namespace
}  // namespace posenet::camera

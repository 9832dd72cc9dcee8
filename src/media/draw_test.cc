// SPDX-License-Identifier: Apache-2.0
#include "media/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace posenet::media {
namespace {

constexpr std::uint8_t kBackground = 128;

image::Image GrayImage(int width_px, int height_px) {
  const auto bytes = static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3;
  return {.width_px = width_px, .height_px = height_px, .rgb = std::vector<std::uint8_t>(bytes, kBackground)};
}

std::array<int, 3> ColorAt(const image::Image& image, int x, int y) {
  const auto at =
      3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width_px) + static_cast<std::size_t>(x));
  return {image.rgb[at], image.rgb[at + 1], image.rgb[at + 2]};
}

bool IsDrawnAt(const image::Image& image, int x, int y) {
  return ColorAt(image, x, y) != std::array<int, 3>{kBackground, kBackground, kBackground};
}

bool IsDrawn(const image::Image& image) {
  return std::ranges::any_of(image.rgb, [](std::uint8_t value) { return value != kBackground; });
}

// Sets a keypoint; the others of a new pose have a score of 0.
void Place(Pose& pose, Part part, float x, float y, float score = 0.9F) {
  pose[part] = {.position_px = {x, y}, .score = score};
}

TEST(DrawPoses, ReturnsTheImageWithoutPoses) {
  const image::Image image = GrayImage(800, 600);
  EXPECT_EQ(DrawPoses(image, {}).rgb, image.rgb);
  EXPECT_EQ(DrawPoses(image::Image{}, {}).width_px, 0);
}

TEST(DrawPoses, EnlargesSmallImagesProportionally) {
  const auto size = [](int width_px, int height_px) {
    const image::Image drawing = DrawPoses(GrayImage(width_px, height_px), {});
    return std::pair{drawing.width_px, drawing.height_px};
  };
  EXPECT_EQ(size(160, 120), (std::pair{640, 480}));
  EXPECT_EQ(size(90, 160), (std::pair{360, 640}));
  EXPECT_EQ(size(1, 1), (std::pair{640, 640}));
  EXPECT_EQ(size(640, 480), (std::pair{640, 480}));
  EXPECT_EQ(size(1, 20'000), (std::pair{1, 20'000}));
  EXPECT_EQ(size(300, 1), (std::pair{640, 2}));
}

TEST(DrawPoses, ScalesPositionsWithTheImage) {
  Pose pose;
  Place(pose, Part::kLeftWrist, 32.0F, 40.0F);
  const image::Image drawing = DrawPoses(GrayImage(64, 64), {&pose, 1});
  // Scaled by 10: the center of pixel 32 moves to 324.5, that of pixel 40 to 404.5.
  EXPECT_TRUE(IsDrawnAt(drawing, 324, 404));
  EXPECT_TRUE(IsDrawnAt(drawing, 325, 405));
  EXPECT_FALSE(IsDrawnAt(drawing, 324 - 12, 404));
  EXPECT_FALSE(IsDrawnAt(drawing, 324 + 12, 404));
}

TEST(DrawPoses, DistinguishesLeftFromRight) {
  Pose pose;
  Place(pose, Part::kLeftWrist, 500.0F, 300.0F);
  Place(pose, Part::kRightWrist, 100.0F, 300.0F);
  const image::Image drawing = DrawPoses(GrayImage(640, 480), {&pose, 1});
  const auto left = ColorAt(drawing, 500, 300);
  const auto right = ColorAt(drawing, 100, 300);
  EXPECT_GT(left[0], left[2] + 100);
  EXPECT_GT(right[2], right[0] + 100);
}

TEST(DrawPoses, DrawsOnlyConfidentKeypointsAndTheirLimbs) {
  Pose pose;
  Place(pose, Part::kLeftShoulder, 400.0F, 200.0F);
  Place(pose, Part::kRightShoulder, 200.0F, 200.0F);
  Place(pose, Part::kLeftElbow, 400.0F, 400.0F, 0.5F);
  const auto draw = [&](float min_keypoint_score) {
    return DrawPoses(GrayImage(640, 480), {&pose, 1}, {.min_keypoint_score = min_keypoint_score});
  };
  EXPECT_TRUE(IsDrawnAt(draw(0.5F), 300, 200));
  EXPECT_TRUE(IsDrawnAt(draw(0.5F), 400, 300));
  EXPECT_TRUE(IsDrawnAt(draw(0.51F), 300, 200));
  EXPECT_FALSE(IsDrawnAt(draw(0.51F), 400, 300));
  EXPECT_FALSE(IsDrawn(draw(0.95F)));
}

TEST(DrawPoses, DrawsPeopleInDifferentColors) {
  std::vector<Pose> poses(8);
  std::vector<std::array<int, 3>> colors;
  for (std::size_t i = 0; i < poses.size(); ++i) {
    const float y = 50.0F * static_cast<float>(i + 1);
    Place(poses[i], Part::kLeftHip, 500.0F, y);
    Place(poses[i], Part::kRightHip, 100.0F, y);
  }
  const image::Image drawing = DrawPoses(GrayImage(640, 480), poses);
  for (int i = 1; i <= 8; ++i) colors.push_back(ColorAt(drawing, 200, 50 * i));
  std::ranges::sort(colors);
  EXPECT_EQ(std::ranges::adjacent_find(colors), colors.end());
}

// The number of drawn pixels in a range of a column.
int ThicknessAt(const image::Image& drawing, int x, int from_y, int to_y) {
  int count = 0;
  for (int y = from_y; y < to_y; ++y) count += IsDrawnAt(drawing, x, y) ? 1 : 0;
  return count;
}

TEST(DrawPoses, ScalesLinesWithTheImageAndThePerson) {
  const auto thickness = [](int side_px, float person_px) {
    const float middle = static_cast<float>(side_px) / 2;
    Pose pose;
    Place(pose, Part::kLeftHip, middle - person_px / 2, middle);
    Place(pose, Part::kRightHip, middle + person_px / 2, middle);
    const image::Image drawing = DrawPoses(GrayImage(side_px, side_px), {&pose, 1});
    return ThicknessAt(drawing, side_px / 2, side_px / 2 - side_px / 40, side_px / 2 + side_px / 40);
  };
  const int tiny_person = thickness(640, 30.0F);
  const int person = thickness(640, 300.0F);
  const int large_image = thickness(4000, 2000.0F);
  EXPECT_GE(tiny_person, 2);
  EXPECT_LT(tiny_person, person);
  EXPECT_LT(4 * person, large_image);
}

TEST(DrawPoses, KeepsTheScoreInsideTheImage) {
  constexpr std::array<int, 3> kFirstPersonColor = {86, 196, 255};
  const auto score_area_px = [&](float x, float y) {
    Pose pose = {.score = 1.0F};
    Place(pose, Part::kNose, x, y);
    const image::Image drawing = DrawPoses(GrayImage(640, 480), {&pose, 1});
    int count = 0;
    for (int py = 0; py < 480; ++py) {
      for (int px = 0; px < 640; ++px) count += ColorAt(drawing, px, py) == kFirstPersonColor ? 1 : 0;
    }
    return count;
  };
  const int whole_px = score_area_px(320.0F, 240.0F);
  EXPECT_GT(whole_px, 300);
  for (const auto& [x, y] : {std::pair{0.0F, 0.0F}, {639.0F, 0.0F}, {0.0F, 479.0F}, {639.0F, 479.0F}}) {
    EXPECT_GT(score_area_px(x, y), 0.9 * whole_px) << x << ' ' << y;
  }
}

TEST(DrawPoses, DrawsTheVisiblePartOfLimbsThatLeaveTheImage) {
  for (const float far : {1e3F, 1e6F, 1e30F, std::numeric_limits<float>::max()}) {
    Pose pose;
    Place(pose, Part::kLeftHip, far, 400.0F);
    Place(pose, Part::kRightHip, -far, 400.0F);
    EXPECT_TRUE(IsDrawnAt(DrawPoses(GrayImage(640, 480), {&pose, 1}), 320, 400)) << far;
  }
}

TEST(DrawPoses, SkipsNonFinitePositionsAndScores) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Pose pose = {.score = kNan};
  for (int i = 0; i < kPartCount; ++i) {
    const float value = i % 3 == 0 ? kNan : i % 3 == 1 ? kInfinity : -kInfinity;
    Place(pose, static_cast<Part>(i), value, value, i % 2 == 0 ? 1.0F : kNan);
  }
  EXPECT_FALSE(IsDrawn(DrawPoses(GrayImage(640, 480), {&pose, 1})));
  Place(pose, Part::kNose, 320.0F, 240.0F);
  EXPECT_TRUE(IsDrawn(DrawPoses(GrayImage(640, 480), {&pose, 1})));
  for (const auto& [width_px, height_px] : {std::pair{1, 1}, {1, 20'000}, {20'000, 1}, {3, 700}}) {
    Place(pose, Part::kLeftHip, 0.0F, 0.0F);
    Place(pose, Part::kRightHip, 1e6F, 1e6F);
    EXPECT_TRUE(IsDrawn(DrawPoses(GrayImage(width_px, height_px), {&pose, 1})));
  }
}

}  // namespace
}  // namespace posenet::media

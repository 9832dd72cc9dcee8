// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "human/decode_maps.h"
#include "human/testing/pose_maps.h"

namespace posenet::human::decode {
namespace {

using ::testing::HasSubstr;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(SigmoidTest, SaturatesInFloat) {
  EXPECT_EQ(Sigmoid(0.0F), 0.5F);
  EXPECT_EQ(Sigmoid(20.0F), 1.0F);
  EXPECT_FLOAT_EQ(Sigmoid(-5.0F), 0.006692851F);
  EXPECT_EQ(ProbabilityOf(kInfinity, HeatmapKind::kLogits), 1.0F);
  EXPECT_EQ(ProbabilityOf(-kInfinity, HeatmapKind::kLogits), 0.0F);
  EXPECT_EQ(ProbabilityOf(kNaN, HeatmapKind::kLogits), 0.0F);
  EXPECT_EQ(ProbabilityOf(7.0F, HeatmapKind::kProbabilities), 1.0F);
}

TEST(DecodeSinglePoseTest, FindsThePerson) {
  const Figure person = StandingFigure({.x = 130, .y = 121}, 1.2F);
  const TestMaps maps = MapsOfPeople(17, 17, 16, {person});
  const auto pose = DecodeSinglePose(maps.View());
  ASSERT_TRUE(pose.has_value());
  EXPECT_LT(MaxDistancePx(*pose, person), 1e-4F);
  double mean = 0.0;
  for (const Keypoint& keypoint : pose->keypoints) {
    EXPECT_GT(keypoint.score, 0.5F);
    mean += keypoint.score / 17.0;
  }
  EXPECT_FLOAT_EQ(pose->score, static_cast<float>(mean));
}

TEST(DecodeSinglePoseTest, DoesNotNeedDisplacements) {
  const TestMaps maps = MapsOfPeople(5, 5, 32, {StandingFigure({.x = 64, .y = 64}, 0.5F)});
  PoseMaps view = maps.View();
  view.displacement_fwd = {};
  view.displacement_bwd = {};
  EXPECT_TRUE(DecodeSinglePose(view).has_value());
}

TEST(DecodeSinglePoseTest, ReturnsTheFirstOfEqualMaxima) {
  TestMaps maps(3, 4, 8);
  maps.Heat(1, 2, Part::kNose) = 3.0F;
  maps.Heat(1, 3, Part::kNose) = 3.0F;
  maps.Heat(2, 0, Part::kNose) = 3.0F;
  const auto pose = DecodeSinglePose(maps.View());
  ASSERT_TRUE(pose.has_value());
  EXPECT_EQ((*pose)[Part::kNose].position_px.x, 16.0F);
  EXPECT_EQ((*pose)[Part::kNose].position_px.y, 8.0F);
}

TEST(DecodeSinglePoseTest, ComparesProbabilitiesNotLogits) {
  // In float, the sigmoid of both is 1; TensorFlow.js returns the first of two equal maxima.
  TestMaps maps(1, 3, 8);
  maps.Heat(0, 1, Part::kNose) = 30.0F;
  maps.Heat(0, 2, Part::kNose) = 60.0F;
  const auto pose = DecodeSinglePose(maps.View());
  ASSERT_TRUE(pose.has_value());
  EXPECT_EQ((*pose)[Part::kNose].position_px.x, 8.0F);
}

TEST(DecodeSinglePoseTest, ReadsProbabilitiesAndInterleavedMaps) {
  const Figure person = StandingFigure({.x = 130, .y = 121}, 1.2F);
  const TestMaps maps = MapsOfPeople(17, 17, 16, {person});
  // One tensor of 17 + 34 channels and two unused ones.
  constexpr std::size_t kStride = 53;
  std::vector<float> interleaved(maps.Cells() * kStride, kNaN);
  for (std::size_t cell = 0; cell < maps.Cells(); ++cell) {
    for (std::size_t c = 0; c < 17; ++c) interleaved[cell * kStride + c] = Sigmoid(maps.heatmap[cell * 17 + c]);
    for (std::size_t c = 0; c < 34; ++c) interleaved[cell * kStride + 17 + c] = maps.offsets[cell * 34 + c];
  }
  PoseMaps view = maps.maps;
  view.heatmap_kind = HeatmapKind::kProbabilities;
  view.heatmap = {.data = interleaved.data(), .pixel_stride = kStride};
  view.offsets = {.data = interleaved.data() + 17, .pixel_stride = kStride};
  const auto pose = DecodeSinglePose(view);
  const auto expected = DecodeSinglePose(maps.View());
  ASSERT_TRUE(pose.has_value() && expected.has_value());
  EXPECT_EQ(MaxDistancePx(*pose, person), MaxDistancePx(*expected, person));
  EXPECT_EQ(pose->score, expected->score);
}

TEST(DecodeSinglePoseTest, ReturnsFiniteNumbersForHostileMaps) {
  for (const float hostile : {kNaN, kInfinity, -kInfinity, 3e38F, -3e38F}) {
    TestMaps maps(3, 3, 16);
    std::fill(maps.heatmap.begin(), maps.heatmap.end(), hostile);
    std::fill(maps.offsets.begin(), maps.offsets.end(), hostile);
    const auto pose = DecodeSinglePose(maps.View());
    ASSERT_TRUE(pose.has_value());
    EXPECT_TRUE(IsValid(*pose)) << hostile;
  }
}

TEST(DecodeSinglePoseTest, RejectsInvalidMaps) {
  const TestMaps maps(3, 4, 16);
  const auto expect_rejected = [](const PoseMaps& view, const char* message) {
    const auto pose = DecodeSinglePose(view);
    ASSERT_FALSE(pose.has_value());
    EXPECT_EQ(pose.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(pose.error().message, HasSubstr(message));
  };
  PoseMaps view = maps.View();
  view.height = 0;
  expect_rejected(view, "0x4 cells");
  view = maps.View();
  view.width = -1;
  expect_rejected(view, "3x-1 cells");
  view = maps.View();
  view.output_stride = 0;
  expect_rejected(view, "output_stride is 0");
  view = maps.View();
  view.heatmap.data = nullptr;
  expect_rejected(view, "heatmap is null");
  view = maps.View();
  view.offsets.data = nullptr;
  expect_rejected(view, "offsets is null");
  view = maps.View();
  view.offsets.pixel_stride = 33;
  expect_rejected(view, "offsets has a pixel_stride of 33; expected 0, or at least the 34 channels");
  view = maps.View();
  view.height = view.width = std::numeric_limits<int>::max();
  expect_rejected(view, "does not fit into memory");
}

}  // namespace
}  // namespace posenet::human::decode

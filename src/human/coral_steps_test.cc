// SPDX-License-Identifier: Apache-2.0
// Cases with literal numbers are from the tests of libcoral (posenet_decoder_test.cc).
#include "human/coral_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>

namespace posenet::human::decode {
namespace {

using ::testing::ElementsAre;

TEST(LogOddsTest, InvertsTheSigmoid) {
  EXPECT_FLOAT_EQ(LogOdds(0.0F), -13.81551F);
  EXPECT_FLOAT_EQ(LogOdds(0.5F), 0.000004F);
  EXPECT_TRUE(std::isnan(LogOdds(-1.0F)));
  EXPECT_TRUE(std::isnan(LogOdds(1.0F)));
  for (const float logit : {-5.0F, -1.0F, 0.3F, 4.0F}) EXPECT_NEAR(LogOdds(Sigmoid(logit)), logit, 2e-4F);
}

TEST(BilinearTest, ReproducesALinearMap) {
  const auto plane = [](Cell cell) { return static_cast<float>(cell.y) + 2.0F * static_cast<float>(cell.x) + 0.2F; };
  EXPECT_FLOAT_EQ(Bilinear({.y = 0.75F, .x = 1.32F}, 3, 4).Sample(plane), 0.75F + 2.64F + 0.2F);
  EXPECT_FLOAT_EQ(Bilinear({.y = 2.0F, .x = 3.0F}, 3, 4).Sample(plane), 2.0F + 6.0F + 0.2F);
  EXPECT_FLOAT_EQ(Bilinear({.y = 0.0F, .x = 0.0F}, 1, 1).Sample(plane), 0.2F);
}

TEST(BilinearTest, InterpolatesBetweenFourCells) {
  const auto corner = [](Cell cell) { return cell.y == 1 && cell.x == 2 ? 1.0F : 0.0F; };
  EXPECT_FLOAT_EQ(Bilinear({.y = 0.25F, .x = 1.5F}, 3, 4).Sample(corner), 0.25F * 0.5F);
  EXPECT_FLOAT_EQ(Bilinear({.y = 1.25F, .x = 1.5F}, 3, 4).Sample(corner), 0.75F * 0.5F);
  EXPECT_FLOAT_EQ(Bilinear({.y = 1.25F, .x = 2.5F}, 3, 4).Sample(corner), 0.75F * 0.5F);
}

TEST(BilinearTest, ReadsOnlyCellsInsideTheMap) {
  const auto check = [](Cell cell) {
    EXPECT_TRUE(cell.y >= 0 && cell.y < 3 && cell.x >= 0 && cell.x < 4);
    return 1.0F;
  };
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const float value : {-1.0F, 1e9F, kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_FLOAT_EQ(Bilinear({.y = value, .x = value}, 3, 4).Sample(check), 1.0F);
  }
}

/// A map of 10 x 8 cells and `channels` channels, in block space.
template <typename Value>
std::vector<float> FillMap(int channels, Value value) {
  std::vector<float> map;
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 8; ++x) {
      for (int c = 0; c < channels; ++c) map.push_back(value(y + x + c));
    }
  }
  return map;
}

/// Follows vector 1 of `mid` (16 channels: y, x and two unused blocks of 4) once, then vector 2 of `offsets` (6
/// channels: 3 y, 3 x) `steps` times.
BlockPoint FollowAndRefine(const std::vector<float>& mid, const std::vector<float>& offsets, BlockPoint point,
                           int steps) {
  PoseMaps maps;
  maps.height = 10;
  maps.width = 8;
  maps.output_stride = 1;
  const BlockVectors mid_vectors(maps, {.data = mid.data(), .pixel_stride = 16}, 4);
  const BlockVectors offset_vectors(maps, {.data = offsets.data()}, 3);
  point = mid_vectors.Follow(point, 1);
  for (int step = 0; step < steps; ++step) point = offset_vectors.Follow(point, 2);
  return point;
}

TEST(BlockVectorsTest, FollowsConstantMaps) {
  constexpr BlockPoint kSource = {.y = 4.1F, .x = 3.5F};
  const auto zero = [](int) { return 0.0F; };
  const auto one = [](int) { return 1.0F; };
  const auto minus_one = [](int) { return -1.0F; };
  for (int steps = 0; steps < 4; ++steps) {
    BlockPoint point = FollowAndRefine(FillMap(16, zero), FillMap(6, zero), kSource, steps);
    EXPECT_FLOAT_EQ(point.y, kSource.y);
    EXPECT_FLOAT_EQ(point.x, kSource.x);
    point = FollowAndRefine(FillMap(16, minus_one), FillMap(6, one), kSource, steps);
    EXPECT_FLOAT_EQ(point.y, kSource.y + static_cast<float>(steps) - 1.0F);
    EXPECT_FLOAT_EQ(point.x, kSource.x + static_cast<float>(steps) - 1.0F);
  }
}

TEST(BlockVectorsTest, FollowsLinearMaps) {
  const std::vector<float> mid =
      FillMap(16, [](int sum) { return 2.0F * (static_cast<float>(sum) + 0.1F) / 31.0F - 0.5F; });
  const std::vector<float> offsets = FillMap(6, [](int sum) { return (static_cast<float>(sum) + 0.1F) / 21.1F; });
  constexpr std::array<BlockPoint, 4> kExpected = {
      {{4.161290F, 3.819355F}, {4.639046F, 4.439290F}, {5.168825F, 5.111249F}, {5.755558F, 5.840163F}}};
  for (int steps = 0; steps < 4; ++steps) {
    const BlockPoint point = FollowAndRefine(mid, offsets, {.y = 4.1F, .x = 3.5F}, steps);
    EXPECT_FLOAT_EQ(point.y, kExpected[static_cast<std::size_t>(steps)].y);
    EXPECT_FLOAT_EQ(point.x, kExpected[static_cast<std::size_t>(steps)].x);
  }
}

TEST(DescendingOrderTest, SortsIndices) {
  EXPECT_THAT(DescendingOrder(std::vector<float>{0.6F, 0.897F, 0.01F, 0.345F, 0.28473F}), ElementsAre(1, 0, 3, 4, 2));
  EXPECT_THAT(DescendingOrder(std::vector<float>{0.6F, -0.897F, 0.01F, 0.345F, 0.28473F}), ElementsAre(0, 3, 4, 2, 1));
  const std::pmr::vector<std::size_t> order = DescendingOrder(std::vector<float>(40, 0.5F));
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
}

/// The scores, as the mean of two keypoints, of a pose with keypoints (0, 0) and (1, 1) that score 0.1 and 0.2, and of
/// a better pose with (0, 1) and (2, 2) that score 0.3 and 0.4. The other 15 keypoints are far apart and score 0.
std::pmr::vector<float> RescoreTwo(float squared_radius) {
  std::vector<BlockPose> poses(2);
  for (std::size_t i = 2; i < kPartCount; ++i) poses[1].points[i] = {.y = 100.0F, .x = 100.0F};
  poses[0].points[1] = {.y = 1.0F, .x = 1.0F};
  poses[1].points[0] = {.y = 0.0F, .x = 1.0F};
  poses[1].points[1] = {.y = 2.0F, .x = 2.0F};
  poses[0].scores = {0.1F, 0.2F};
  poses[1].scores = {0.3F, 0.4F};
  std::pmr::vector<float> scores = SoftKeypointNms(poses, std::vector<std::size_t>{1, 0}, std::sqrt(squared_radius));
  for (float& score : scores) score *= 17.0F / 2.0F;
  return scores;
}

TEST(SoftKeypointNmsTest, IgnoresTheScoresOfCoveredKeypoints) {
  std::pmr::vector<float> scores = RescoreTwo(0.9F);
  EXPECT_FLOAT_EQ(scores[0], 0.15F);
  EXPECT_FLOAT_EQ(scores[1], 0.35F);
  scores = RescoreTwo(1.0F);
  EXPECT_FLOAT_EQ(scores[0], 0.1F) << "the radius is inclusive";
  scores = RescoreTwo(1.5F);
  EXPECT_FLOAT_EQ(scores[0], 0.1F);
  EXPECT_FLOAT_EQ(scores[1], 0.35F);
  scores = RescoreTwo(2.1F);
  EXPECT_FLOAT_EQ(scores[0], 0.0F);
  EXPECT_FLOAT_EQ(scores[1], 0.35F);
}

}  // namespace
}  // namespace posenet::human::decode

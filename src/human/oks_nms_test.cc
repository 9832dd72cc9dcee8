// SPDX-License-Identifier: Apache-2.0
#include "human/oks_nms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

#include "human/testing/pose_maps.h"

namespace posenet::human {
namespace {

Pose PersonAt(Point middle_px, float score, float scale = 1.0F) {
  const decode::Figure figure = decode::StandingFigure(middle_px, scale);
  Pose pose = {.score = score};
  for (std::size_t i = 0; i < kPartCount; ++i) pose.keypoints[i] = {.position_px = figure[i], .score = 0.8F};
  return pose;
}

void Suppress(std::vector<Pose>& poses, double max_similarity = 0.6) {
  SuppressSimilar({.max_similarity = max_similarity}, *std::pmr::new_delete_resource(), poses);
}

TEST(SuppressSimilarTest, KeepsTheBestOfEachPersonInACrowd) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> jitter(-1.5F, 1.5F);
  std::vector<Pose> poses;
  for (int person = 0; person < 20; ++person) {
    for (int copy = 0; copy < 3; ++copy) {
      // Neighbors, 30 px apart, overlap: a person is 40 px wide.
      Pose pose = PersonAt({.x = 50.0F + 30.0F * static_cast<float>(person), .y = 100},
                           0.3F + 0.02F * static_cast<float>(person) + 0.005F * static_cast<float>(copy));
      for (Keypoint& keypoint : pose.keypoints) {
        keypoint.position_px.x += jitter(random);
        keypoint.position_px.y += jitter(random);
      }
      poses.push_back(pose);
    }
  }
  std::shuffle(poses.begin(), poses.end(), random);
  Suppress(poses);
  ASSERT_EQ(poses.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_FLOAT_EQ(poses[i].score, 0.3F + 0.02F * static_cast<float>(19 - i) + 0.01F);
  }
}

TEST(SuppressSimilarTest, KeepsEqualScoresInOrder) {
  std::vector<Pose> poses = {PersonAt({.x = 100, .y = 100}, 0.5F), PersonAt({.x = 300, .y = 100}, 0.5F),
                             PersonAt({.x = 100.1F, .y = 100}, 0.5F)};
  const float first_x = poses[0].keypoints[0].position_px.x;
  Suppress(poses);
  ASSERT_EQ(poses.size(), 2U);
  EXPECT_EQ(poses[0].keypoints[0].position_px.x, first_x);
}

TEST(SuppressSimilarTest, KeepsAllAtTheLargestSimilarity) {
  std::vector<Pose> poses(3, PersonAt({.x = 100, .y = 100}, 0.5F));
  Suppress(poses, 1.0);
  EXPECT_EQ(poses.size(), 3U);
}

TEST(SuppressSimilarTest, KeepsAChildInFrontOfAnAdult) {
  std::vector<Pose> poses = {PersonAt({.x = 100, .y = 100}, 0.9F), PersonAt({.x = 100, .y = 130}, 0.6F, 0.5F)};
  Suppress(poses);
  EXPECT_EQ(poses.size(), 2U);
}

TEST(SuppressSimilarTest, AcceptsNoPoses) {
  std::vector<Pose> poses;
  Suppress(poses);
  EXPECT_TRUE(poses.empty());
}

}  // namespace
}  // namespace posenet::human

// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>

#include "human/decode_maps.h"
#include "human/testing/pose_maps.h"

namespace posenet::human::decode {
namespace {

std::vector<Figure> ThreePeople() {
  return {StandingFigure({.x = 80, .y = 150}, 1.1F), StandingFigure({.x = 250, .y = 201}, 1.4F),
          StandingFigure({.x = 401, .y = 330}, 0.9F)};
}

/// The poses with the default options. Throws, which fails the test, on errors.
std::vector<Pose> Decode(const TestMaps& maps, const MultiPoseOptions& options = kHoughDefaults) {
  return DecodeMultiplePosesHough(maps.View(), options).value();
}

/// The distance of the worst keypoint of the pose that fits `figure` best.
float DistanceToBestPx(const std::vector<Pose>& poses, const Figure& figure) {
  float best = std::numeric_limits<float>::infinity();
  for (const Pose& pose : poses) best = std::min(best, MaxDistancePx(pose, figure));
  return best;
}

double MeanDistancePx(const Pose& pose, const Figure& figure) {
  double sum = 0.0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Point found = pose.keypoints[i].position_px;
    sum += std::hypot(found.x - figure[i].x, found.y - figure[i].y);
  }
  return sum / kPartCount;
}

/// Adds normal errors to the offsets.
void AddNoise(TestMaps& maps, float deviation_px, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> noise_px(0.0F, deviation_px);
  for (float& value : maps.offsets) value += noise_px(random);
}

TEST(DecodeMultiplePosesHoughTest, ReturnsNothingForEmptyMaps) { EXPECT_TRUE(Decode(TestMaps(33, 33, 16)).empty()); }

TEST(DecodeMultiplePosesHoughTest, FindsEveryPersonWithinAFractionOfAPixelAtEveryOutputStride) {
  for (const int stride : {8, 16, 32}) {
    const std::vector<Pose> poses = Decode(MapsOfPeople(512 / stride + 1, 512 / stride + 1, stride, ThreePeople()));
    ASSERT_EQ(poses.size(), 3U) << stride;
    for (const Figure& person : ThreePeople()) EXPECT_LT(DistanceToBestPx(poses, person), 0.1F) << stride;
    for (const Pose& pose : poses) EXPECT_TRUE(IsValid(pose));
    for (std::size_t i = 1; i < poses.size(); ++i) EXPECT_GE(poses[i - 1].score, poses[i].score);
  }
}

TEST(DecodeMultiplePosesHoughTest, SeparatesOverlappingPeople) {
  // Parts of the same kind are 40 px apart, less than the 64 px of two disks; left and right parts cross.
  const std::vector<Figure> people = {StandingFigure({.x = 240, .y = 250}, 1.5F),
                                      StandingFigure({.x = 280, .y = 253}, 1.5F)};
  const std::vector<Pose> poses = Decode(MapsOfPeople(33, 33, 16, people));
  ASSERT_EQ(poses.size(), 2U);
  for (const Figure& person : people) EXPECT_LT(DistanceToBestPx(poses, person), 0.5F);
}

TEST(DecodeMultiplePosesHoughTest, FindsTheVisiblePartsOfAPersonAtTheBorder) {
  // Head and shoulders are above the image.
  const Figure person = StandingFigure({.x = 250, .y = 50}, 1.5F);
  const std::vector<Pose> poses = Decode(MapsOfPeople(33, 33, 16, {person}));
  ASSERT_EQ(poses.size(), 1U);
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (person[i].y < 0.0F) continue;
    EXPECT_NEAR(poses[0].keypoints[i].position_px.x, person[i].x, 0.1F) << kPartNames[i];
    EXPECT_NEAR(poses[0].keypoints[i].position_px.y, person[i].y, 0.1F) << kPartNames[i];
    EXPECT_GT(poses[0].keypoints[i].score, 0.2F) << kPartNames[i];
  }
  EXPECT_LT(poses[0][Part::kNose].score, 0.2F);
}

TEST(DecodeMultiplePosesHoughTest, AveragesNoisyOffsets) {
  const Figure person = StandingFigure({.x = 250, .y = 251}, 2.0F);
  double error_px = 0.0;
  double error_of_tfjs_px = 0.0;
  constexpr unsigned kTrials = 20;
  for (unsigned seed = 0; seed < kTrials; ++seed) {
    // At stride 8, a dozen cells have a probability above a half.
    TestMaps maps = MapsOfPeople(65, 65, 8, {person});
    AddNoise(maps, 4.0F, seed);
    const std::vector<Pose> poses = Decode(maps, {.max_poses = 1, .score_threshold = 0.0F, .nms_radius_px = 10.0F});
    const std::vector<Pose> poses_of_tfjs = DecodeMultiplePoses(maps.View(), {.max_poses = 1}).value();
    ASSERT_EQ(poses.size(), 1U);
    ASSERT_EQ(poses_of_tfjs.size(), 1U);
    error_px += MeanDistancePx(poses[0], person) / kTrials;
    error_of_tfjs_px += MeanDistancePx(poses_of_tfjs[0], person) / kTrials;
  }
  EXPECT_LT(error_px, 0.67 * error_of_tfjs_px);
}

TEST(DecodeMultiplePosesHoughTest, MovesWithThePeople) {
  const Point shift_px = {.x = 48, .y = 32};
  std::vector<Figure> moved = ThreePeople();
  for (Figure& person : moved) {
    for (Point& point : person) point = {.x = point.x + shift_px.x, .y = point.y + shift_px.y};
  }
  const std::vector<Pose> before = Decode(MapsOfPeople(41, 41, 16, ThreePeople()));
  const std::vector<Pose> after = Decode(MapsOfPeople(41, 41, 16, moved));
  ASSERT_EQ(before.size(), 3U);
  ASSERT_EQ(after.size(), 3U);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_NEAR(after[i].score, before[i].score, 1e-4F);
    for (std::size_t part = 0; part < kPartCount; ++part) {
      EXPECT_NEAR(after[i].keypoints[part].position_px.x, before[i].keypoints[part].position_px.x + 48.0F, 1e-2F);
      EXPECT_NEAR(after[i].keypoints[part].position_px.y, before[i].keypoints[part].position_px.y + 32.0F, 1e-2F);
    }
  }
}

TEST(DecodeMultiplePosesHoughTest, IsSymmetric) {
  std::vector<Figure> mirrored = ThreePeople();
  for (Figure& person : mirrored) {
    for (Point& point : person) point.x = 512.0F - point.x;
  }
  const std::vector<Pose> poses = Decode(MapsOfPeople(33, 33, 16, ThreePeople()));
  const std::vector<Pose> of_mirrored = Decode(MapsOfPeople(33, 33, 16, mirrored));
  ASSERT_EQ(of_mirrored.size(), poses.size());
  for (std::size_t i = 0; i < poses.size(); ++i) {
    EXPECT_NEAR(of_mirrored[i].score, poses[i].score, 1e-4F);
    EXPECT_NEAR(of_mirrored[i][Part::kNose].position_px.x, 512.0F - poses[i][Part::kNose].position_px.x, 1e-2F);
  }
}

TEST(DecodeMultiplePosesHoughTest, IsDeterministic) {
  const TestMaps maps = RandomMaps(20, 17, 16, 30.0F, 4);
  const MultiPoseOptions options = {.max_poses = 100, .score_threshold = 0.0F, .nms_radius_px = 10.0F};
  const std::vector<Pose> first = Decode(maps, options);
  const std::vector<Pose> second = Decode(maps, options);
  ASSERT_GT(first.size(), 10U);
  ASSERT_EQ(second.size(), first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(second[i].score, first[i].score);
    for (std::size_t part = 0; part < kPartCount; ++part) {
      EXPECT_EQ(second[i].keypoints[part].position_px.x, first[i].keypoints[part].position_px.x);
      EXPECT_EQ(second[i].keypoints[part].score, first[i].keypoints[part].score);
    }
  }
}

TEST(DecodeMultiplePosesHoughTest, TreatsProbabilitiesLikeLogits) {
  const TestMaps maps = MapsOfPeople(33, 33, 16, ThreePeople());
  std::vector<float> probabilities = maps.heatmap;
  for (float& value : probabilities) value = Sigmoid(value);
  PoseMaps view = maps.View();
  view.heatmap_kind = HeatmapKind::kProbabilities;
  view.heatmap.data = probabilities.data();
  const std::vector<Pose> expected = Decode(maps);
  const std::vector<Pose> poses = DecodeMultiplePosesHough(view).value();
  ASSERT_EQ(poses.size(), expected.size());
  for (std::size_t i = 0; i < poses.size(); ++i) {
    EXPECT_NEAR(poses[i].score, expected[i].score, 1e-5F);
    EXPECT_NEAR(poses[i][Part::kNose].position_px.x, expected[i][Part::kNose].position_px.x, 1e-3F);
  }
}

TEST(DecodeMultiplePosesHoughTest, ScoresAgreementOfVotes) {
  TestMaps noisy = MapsOfPeople(33, 33, 16, {StandingFigure({.x = 250, .y = 251}, 1.5F)});
  const std::vector<Pose> exact = Decode(noisy);
  AddNoise(noisy, 8.0F, 1);
  const std::vector<Pose> poses = Decode(noisy, {.max_poses = 1, .score_threshold = 0.0F, .nms_radius_px = 10.0F});
  ASSERT_EQ(exact.size(), 1U);
  ASSERT_EQ(poses.size(), 1U);
  EXPECT_GT(exact[0].score, 0.6F);
  EXPECT_LT(poses[0].score, 0.8F * exact[0].score);
}

TEST(DecodeMultiplePosesHoughTest, ReturnsTheBestOfMorePeopleThanAskedFor) {
  // The third has the single strongest keypoint, and so the first root, but the lowest score.
  TestMaps maps = MapsOfPeople(33, 33, 16, ThreePeople());
  for (int y = 15; y < 33; ++y) {
    for (int x = 21; x < 33; ++x) {
      for (int part = 1; part < kPartCount; ++part) maps.Heat(y, x, static_cast<Part>(part)) -= 2.0F;
      maps.Heat(y, x, Part::kNose) += 4.0F;
    }
  }
  MultiPoseOptions options = kHoughDefaults;
  const std::vector<Pose> all = Decode(maps, options);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_LT(MaxDistancePx(all[2], ThreePeople()[2]), 1.0F);
  options.max_poses = 2;
  const std::vector<Pose> two = Decode(maps, options);
  ASSERT_EQ(two.size(), 2U);
  for (std::size_t i = 0; i < two.size(); ++i) EXPECT_EQ(two[i].score, all[i].score);
}

TEST(DecodeMultiplePosesHoughTest, AppliesTheThresholdToTheScoreOfThePose) {
  MultiPoseOptions options = kHoughDefaults;
  const TestMaps maps = MapsOfPeople(33, 33, 16, ThreePeople());
  const std::vector<Pose> all = Decode(maps, options);
  ASSERT_EQ(all.size(), 3U);
  options.score_threshold = all[1].score;
  const auto at_threshold =
      std::count_if(all.begin(), all.end(), [&](const Pose& p) { return p.score >= all[1].score; });
  EXPECT_EQ(Decode(maps, options).size(), static_cast<std::size_t>(at_threshold));
  options.score_threshold = 1.0F;
  EXPECT_TRUE(Decode(maps, options).empty());
}

TEST(DecodeMultiplePosesHoughTest, CountsPartsThatTwoPosesShareOnce) {
  // A second root for the same person beyond the NMS radius: without suppression, the pose would be returned twice.
  TestMaps maps = MapsOfPeople(33, 33, 16, {StandingFigure({.x = 250, .y = 251}, 1.5F)});
  maps.Heat(2, 2, Part::kNose) = 5.0F;
  maps.SetOffset(2, 2, Part::kNose, {.x = 0, .y = 0});
  TestMaps::SetEdge(maps.displacement_fwd, maps.CellIndex(2, 2), 0, {.x = 224, .y = 120});
  const std::vector<Pose> poses = Decode(maps, {.max_poses = 20, .score_threshold = 0.0F, .nms_radius_px = 10.0F});
  ASSERT_EQ(poses.size(), 2U);
  EXPECT_GT(poses[0].score, 0.6F);
  EXPECT_LT(poses[1].score, 0.1F);
}

TEST(DecodeMultiplePosesHoughTest, ReturnsFiniteNumbersForHostileMaps) {
  ForEachHostileMaps([](const TestMaps& maps, const std::string& what) {
    for (const float threshold : {0.0F, 0.5F, 1.0F}) {
      for (const Pose& pose : Decode(maps, {.max_poses = 1000, .score_threshold = threshold})) {
        ASSERT_TRUE(IsValid(pose)) << what;
      }
    }
  });
}

TEST(DecodeMultiplePosesHoughTest, IsFastEvenIfEveryCellIsAMaximum) {
  // Quadratic time in the number of poses would exceed the time limit of the test.
  TestMaps maps(200, 200, 16);
  std::fill(maps.heatmap.begin(), maps.heatmap.end(), 2.0F);
  constexpr int kPoses = kMaxPoses / 2;
  const std::vector<Pose> poses = Decode(maps, {.max_poses = kPoses, .score_threshold = 0.0F});
  EXPECT_EQ(poses.size(), static_cast<std::size_t>(kPoses));
}

TEST(DecodeMultiplePosesHoughTest, DecodesASingleCell) {
  TestMaps maps(1, 1, 16);
  maps.Heat(0, 0, Part::kNose) = 5.0F;
  const std::vector<Pose> poses = Decode(maps, {.max_poses = 5, .score_threshold = 0.0F});
  ASSERT_EQ(poses.size(), 1U);
  EXPECT_EQ(poses[0][Part::kNose].position_px.x, 0.0F);
}

}  // namespace
}  // namespace posenet::human::decode

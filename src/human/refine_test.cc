// SPDX-License-Identifier: Apache-2.0
// Tests PersonRefiner, and estimators with one. The weights are random: what MoveNet finds is meaningless, but the same
// for the same crop.
#include "posenet/refine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "base/testing/matchers.h"
#include "base/testing/value_or_throw.h"
#include "human/body.h"
#include "human/testing/estimators.h"
#include "human/testing/movenet_maps.h"
#include "image/testing/random_image.h"

namespace posenet::human {
namespace {

Pose StandingPose(Point middle_px, float score = 0.5F) {
  const decode::Figure figure = decode::StandingFigure(middle_px, 0.5F);
  Pose pose = {.score = score};
  for (std::size_t i = 0; i < kPartCount; ++i) pose.keypoints[i] = {.position_px = figure[i], .score = 0.8F};
  return pose;
}

class RefineTest : public ::testing::Test {
 protected:
  /// Accepts whatever MoveNet finds, and keeps duplicates.
  static PersonRefinerOptions AcceptAll(int thread_count = 1) {
    return {.min_pose_score = 0.0F, .max_similarity = 1.0, .thread_count = thread_count};
  }

  PersonRefiner Refiner(const PersonRefinerOptions& options) const {
    return base::ValueOrThrow(PersonRefiner::Create(movenet_, options));
  }

  std::vector<Pose> Refined(const PersonRefiner& refiner, std::vector<Pose> poses) const {
    if (const Result<void> result = refiner.Refine(image_.View(), poses); !result.has_value()) {
      ADD_FAILURE() << result.error().message;
    }
    return poses;
  }

  Model movenet_ = model::MakeModel(RandomMoveNet()).value();
  Model posenet_ = model::MakeModel(RandomPoseNet()).value();
  image::Image image_ = image::RandomRgbImage(320, 200, 1);
};

TEST_F(RefineTest, MovesKeypointsWithinTheCrop) {
  const Pose person = StandingPose({.x = 160, .y = 100});
  const std::vector<Pose> poses = Refined(Refiner(AcceptAll()), {person});
  ASSERT_EQ(poses.size(), 1U);
  EXPECT_TRUE(decode::IsValid(poses[0]));
  int moved = 0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (poses[0].keypoints[i].position_px.x != person.keypoints[i].position_px.x) ++moved;
    // The crop has a side of 120 px; offsets of random weights leave it by little.
    EXPECT_NEAR(poses[0].keypoints[i].position_px.x, 160.0F, 90.0F);
    EXPECT_NEAR(poses[0].keypoints[i].position_px.y, 100.0F, 90.0F);
  }
  EXPECT_EQ(moved, 17);
}

TEST_F(RefineTest, DependsOnlyOnTheCropWhateverTheThreadsAndOtherPeople) {
  std::vector<Pose> people;
  for (int i = 0; i < 7; ++i) people.push_back(StandingPose({.x = 40.0F * static_cast<float>(i) + 30.0F, .y = 90}));
  std::vector<Pose> expected;
  const PersonRefiner alone = Refiner(AcceptAll());
  for (const Pose& person : people) expected.push_back(Refined(alone, {person}).front());
  std::stable_sort(expected.begin(), expected.end(), [](const Pose& a, const Pose& b) { return a.score > b.score; });
  for (const int thread_count : {1, 2, 3, 4, 16}) {
    SCOPED_TRACE(thread_count);
    ExpectNearPoses(Refined(Refiner(AcceptAll(thread_count)), people), expected);
  }
}

TEST_F(RefineTest, SeesOnlyWhatAStandingOrLyingPersonNeedsOfTheCrop) {
  // The crop has a side of 120 px; networks of 64 px have a narrow input of 32 px, which shows 30 px on either side of
  // the middle and blends in 2 more.
  const Point middle = {.x = 160, .y = 100};
  image::Image column = image_;
  image::Image row = image_;
  for (int y = 0; y < image_.height_px; ++y) {
    for (int x = 0; x < image_.width_px; ++x) {
      const auto rgb = (static_cast<std::ptrdiff_t>(y) * image_.width_px + x) * 3;
      if (std::abs(x - 160) > 33) std::fill_n(column.rgb.begin() + rgb, 3, std::uint8_t{0});
      if (std::abs(y - 100) > 33) std::fill_n(row.rgb.begin() + rgb, 3, std::uint8_t{0});
    }
  }
  const Pose standing = StandingPose(middle);
  Pose lying = standing;
  for (Keypoint& keypoint : lying.keypoints) {
    const Point px = keypoint.position_px;
    keypoint.position_px = {.x = middle.x + (px.y - middle.y), .y = middle.y + (px.x - middle.x)};
  }
  const PersonRefiner refiner = Refiner(AcceptAll());
  const auto refined_in = [&](const image::Image& image, const Pose& pose) {
    std::vector<Pose> poses = {pose};
    EXPECT_TRUE(refiner.Refine(image.View(), poses).has_value());
    return poses;
  };
  ExpectSamePoses(refined_in(column, standing), refined_in(image_, standing));
  ExpectSamePoses(refined_in(row, lying), refined_in(image_, lying));
  EXPECT_NE(refined_in(row, standing)[0].score, refined_in(image_, standing)[0].score);
  EXPECT_NE(refined_in(column, lying)[0].score, refined_in(image_, lying)[0].score);
}

TEST_F(RefineTest, FollowsPeopleToTheBordersAndBeyond) {
  const PersonRefiner refiner = Refiner(AcceptAll());
  for (const Point middle : {Point{.x = 0, .y = 0}, Point{.x = 319, .y = 199}, Point{.x = -5000, .y = 100}}) {
    const std::vector<Pose> poses = Refined(refiner, {StandingPose(middle)});
    ASSERT_EQ(poses.size(), 1U);
    EXPECT_TRUE(decode::IsValid(poses[0]));
    EXPECT_NEAR(poses[0].keypoints[0].position_px.x, middle.x, 90.0F);
  }
}

TEST_F(RefineTest, KeepsKeypointsWhereMoveNetFails) {
  const Pose person = StandingPose({.x = 160, .y = 100}, 0.6F);
  PersonRefinerOptions options = AcceptAll();
  options.min_pose_score = 1.0F;  // Random weights are never that sure.
  const std::vector<Pose> poses = Refined(Refiner(options), {person});
  ASSERT_EQ(poses.size(), 1U);
  EXPECT_FLOAT_EQ(poses[0].score, 0.6F);
  for (std::size_t i = 0; i < kPartCount; ++i) {
    EXPECT_EQ(poses[0].keypoints[i].position_px.x, person.keypoints[i].position_px.x);
    EXPECT_EQ(poses[0].keypoints[i].score, person.keypoints[i].score);
  }
  Pose unknown;  // No keypoint is confident.
  unknown.score = 0.4F;
  options.min_pose_score = 0.25F;
  EXPECT_FLOAT_EQ(Refined(Refiner(options), {unknown}).front().score, 0.1F);
}

TEST_F(RefineTest, RemovesPosesThatMoveToOnePerson) {
  PersonRefinerOptions options = AcceptAll();
  options.max_similarity = 0.6;
  // Two hypotheses for one person, which have the same crop.
  Pose other = StandingPose({.x = 160, .y = 100}, 0.9F);
  std::swap(other[Part::kLeftWrist], other[Part::kRightAnkle]);
  EXPECT_EQ(Refined(Refiner(options), {StandingPose({.x = 160, .y = 100}), other}).size(), 1U);
}

TEST_F(RefineTest, ReturnsNobodyInACrowdTwice) {
  // Whatever the image, this MoveNet finds the person in the middle of the crop: proposals for one person lead to
  // similar poses.
  const Model standing = model::MakeModel(StandingMoveNet()).value();
  std::mt19937 random(7);
  std::uniform_real_distribution<float> jitter_px(-1.5F, 1.5F);
  std::uniform_real_distribution<float> score(0.1F, 0.9F);
  std::vector<Point> middles;
  std::vector<Pose> proposals;
  for (int person = 0; person < 20; ++person) {
    // 20 px wide, 24 px apart: crops overlap.
    middles.push_back({.x = 50.0F + 24.0F * static_cast<float>(person % 10), .y = person < 10 ? 55.0F : 145.0F});
    for (int copy = 0; copy < 3; ++copy) {
      Pose pose = StandingPose(middles.back(), score(random));
      for (Keypoint& keypoint : pose.keypoints) {
        keypoint.position_px.x += jitter_px(random);
        keypoint.position_px.y += jitter_px(random);
      }
      proposals.push_back(pose);
    }
  }
  std::shuffle(proposals.begin(), proposals.end(), random);
  for (const int thread_count : {1, 3}) {
    const PersonRefiner refiner = base::ValueOrThrow(PersonRefiner::Create(standing, {.thread_count = thread_count}));
    const std::vector<Pose> poses = Refined(refiner, proposals);
    EXPECT_EQ(poses.size(), 20U);
    for (const Point& middle_px : middles) {
      EXPECT_EQ(std::count_if(poses.begin(), poses.end(),
                              [&](const Pose& pose) {
                                const body::Box box_px = body::BoxOf(pose, 0.05F);
                                return std::abs(0.5 * (box_px.min_x_px + box_px.max_x_px) - middle_px.x) < 8.0 &&
                                       std::abs(0.5 * (box_px.min_y_px + box_px.max_y_px) - middle_px.y) < 30.0;
                              }),
                1)
          << middle_px.x << ", " << middle_px.y;
    }
  }
}

TEST_F(RefineTest, AcceptsNoPoses) { EXPECT_TRUE(Refined(Refiner(AcceptAll(3)), {}).empty()); }

TEST_F(RefineTest, RejectsInvalidArguments) {
  const auto fails = [this](const PersonRefinerOptions& options, const char* message) {
    EXPECT_THAT(PersonRefiner::Create(movenet_, options), base::FailsWith(ErrorCode::kInvalidArgument, message));
  };
  fails({.min_keypoint_score = -1.0F}, "min_keypoint_score is -1; expected 0 to 1");
  fails({.crop_scale = 0.5}, "crop_scale is 0.5; expected 1 to 10");
  fails({.max_tilt_deg = 181.0}, "max_tilt_deg is 181");
  fails({.min_pose_score = std::numeric_limits<float>::quiet_NaN()}, "min_pose_score");
  fails({.max_similarity = 2.0}, "max_similarity is 2");
  fails({.thread_count = -1}, "thread_count is -1");
  for (const Model& model : {posenet_, model::MakeModel(RandomMultiPose()).value()}) {
    EXPECT_THAT(PersonRefiner::Create(model),
                base::FailsWith(ErrorCode::kUnsupported, "expected MoveNet Lightning or Thunder"));
  }
  const PersonRefiner refiner = Refiner({});
  std::vector<Pose> poses = {StandingPose({.x = 10, .y = 10})};
  EXPECT_THAT(refiner.Refine({}, poses), base::FailsWith(ErrorCode::kInvalidArgument, "data is null"));
  poses[0].keypoints[3].position_px.x = std::numeric_limits<float>::infinity();
  EXPECT_THAT(refiner.Refine(image_.View(), poses), base::FailsWith(ErrorCode::kInvalidArgument, "not finite"));
}

TEST_F(RefineTest, RefinesInEveryCallOfAnEstimator) {
  PoseEstimatorOptions options = SmallOptions();
  std::vector<Pose> expected = EstimatePoses(posenet_, options, image_.View());
  ASSERT_FALSE(expected.empty());
  options.refiner = std::make_shared<const PersonRefiner>(Refiner(AcceptAll()));
  expected = Refined(*options.refiner, expected);
  ExpectSamePoses(EstimatePoses(posenet_, options, image_.View()), expected);

  options.mirror = Mirror::kHorizontal;
  const std::vector<Pose> mirrored = EstimatePoses(posenet_, options, image_.View());
  ASSERT_EQ(mirrored.size(), expected.size());
  EXPECT_FLOAT_EQ(mirrored[0].keypoints[0].position_px.x, 319.0F - expected[0].keypoints[0].position_px.x);
}

TEST_F(RefineTest, AddsTheProposalsOfASecondEstimator) {
  PoseEstimatorOptions options = SmallOptions();
  options.refiner = std::make_shared<const PersonRefiner>(Refiner(AcceptAll()));
  const std::size_t alone = EstimatePoses(posenet_, options, image_.View()).size();
  const Model multipose = model::MakeModel(RandomMultiPose()).value();
  PoseEstimatorOptions second;
  second.multi = {.max_poses = 4, .score_threshold = 0.0F};
  second.thread_count = 1;
  options.proposer = std::make_shared<const PoseEstimator>(CreateEstimator(multipose, second));
  const std::size_t more = options.proposer->Estimate(image_.View()).value().size();
  ASSERT_GT(more, 0U);
  EXPECT_EQ(EstimatePoses(posenet_, options, image_.View()).size(), alone + more);
  options.refiner = nullptr;
  EXPECT_THAT(PoseEstimator::Create(posenet_, options),
              base::FailsWith(ErrorCode::kInvalidArgument, "proposer needs a refiner"));
}

TEST_F(RefineTest, DefaultsToManyProposals) {
  PoseEstimatorOptions options = {.input_width_px = 65, .input_height_px = 65};
  options.decoder = PoseDecoder::kTfjsMultiple;
  EXPECT_EQ(CreateEstimator(posenet_, options).options().multi.max_poses, 5);
  options.refiner = std::make_shared<const PersonRefiner>(Refiner({}));
  EXPECT_EQ(CreateEstimator(posenet_, options).options().multi.max_poses, kRefinedMaxPoses);
  EXPECT_EQ(CreateEstimator(posenet_, options).options().multi.score_threshold, kRefinedScoreThreshold);
  options.decoder = PoseDecoder::kHough;
  EXPECT_EQ(CreateEstimator(posenet_, options).options().multi.max_poses, kRefinedMaxPoses);
  EXPECT_EQ(CreateEstimator(posenet_, options).options().multi.score_threshold, kRefinedHoughThreshold);
}

}  // namespace
}  // namespace posenet::human

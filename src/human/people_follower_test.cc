// SPDX-License-Identifier: Apache-2.0
// Tests PeopleFollower with a PoseNet of random weights, whose poses are meaningless, but the same for the same image.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/testing/matchers.h"
#include "base/testing/value_or_throw.h"
#include "human/testing/estimators.h"
#include "human/testing/movenet_maps.h"
#include "image/image.h"
#include "image/testing/random_image.h"
#include "posenet/follow.h"
#include "posenet/refine.h"
#include "posenet/track.h"

namespace posenet {
namespace {

constexpr double kFrameSeconds = 0.04;

class PeopleFollowerTest : public ::testing::Test {
 protected:
  static PoseEstimator Estimator(const model::LoadedModel& movenet, const PersonRefinerOptions& refiner,
                                 Mirror mirror = Mirror::kNone) {
    PoseEstimatorOptions options;
    options.input_width_px = options.input_height_px = 97;
    options.decoder = PoseDecoder::kTfjsSingle;  // Always one person.
    options.thread_count = refiner.thread_count;
    options.mirror = mirror;
    options.refiner = std::make_shared<const PersonRefiner>(
        base::ValueOrThrow(PersonRefiner::Create(model::MakeModel(movenet).value(), refiner)));
    return human::CreateEstimator(model::MakeModel(human::RandomPoseNet()).value(), options);
  }

  /// A person who stays in place while the image is the same.
  static PoseEstimator StandingEstimator(int thread_count = 1) {
    return Estimator(human::StandingMoveNet(), {.thread_count = thread_count});
  }

  /// Every pose is a person with a track.
  static PeopleFollowerOptions AcceptAll(int propose_every) {
    return {.propose_every = propose_every,
            .min_pose_score = 0.0F,
            .tracker = {.min_keypoint_score = 0.0F, .min_new_score = 0.0F}};
  }

  /// The frames, of `count`, in which the estimator ran.
  std::vector<int> ProposalFrames(PeopleFollower& follower, int count) {
    std::vector<int> frames;
    for (int i = 0; i < count; ++i) {
      const std::int64_t before = follower.proposal_count();
      poses_ = base::ValueOrThrow(follower.Estimate(image_.View(), time_s_));
      time_s_ += kFrameSeconds;
      if (follower.proposal_count() > before) frames.push_back(i);
    }
    return frames;
  }

  image::Image image_ = image::RandomRgbImage(200, 120, 3);
  std::vector<Pose> poses_;  // Of the last frame.
  double time_s_ = 0.0;
};

TEST_F(PeopleFollowerTest, RunsTheEstimatorEveryFewFramesOnceATrackIsConfirmed) {
  const PoseEstimator estimator = StandingEstimator();
  auto follower = PeopleFollower::Create(estimator, AcceptAll(5)).value();
  EXPECT_THAT(ProposalFrames(follower, 20), testing::ElementsAre(0, 1, 2, 7, 12, 17));
  EXPECT_EQ(poses_.size(), 1U);
}

TEST_F(PeopleFollowerTest, RefinesThePredictedPoseInBetween) {
  for (const Mirror mirror : {Mirror::kNone, Mirror::kHorizontal}) {
    const PoseEstimator estimator =
        Estimator(human::RandomMoveNet(), {.min_pose_score = 0.0F, .thread_count = 1}, mirror);
    auto follower = PeopleFollower::Create(estimator, AcceptAll(100)).value();
    ASSERT_EQ(ProposalFrames(follower, 3).size(), 3U);
    // The person did not move, so the prediction is the last pose.
    std::vector<Pose> expected = poses_;
    const auto mirror_expected = [&] {
      for (Pose& pose : expected) {
        for (Keypoint& keypoint : pose.keypoints) keypoint.position_px.x = 199.0F - keypoint.position_px.x;
      }
    };
    if (mirror == Mirror::kHorizontal) mirror_expected();
    ASSERT_THAT(estimator.options().refiner->Refine(image_.View(), expected), base::Succeeds());
    if (mirror == Mirror::kHorizontal) mirror_expected();
    EXPECT_TRUE(ProposalFrames(follower, 1).empty());
    human::ExpectNearPoses(poses_, expected);
  }
}

TEST_F(PeopleFollowerTest, ReturnsTheIdsOfATrackerOfItsPoses) {
  const PoseEstimator estimator = StandingEstimator();
  const PeopleFollowerOptions options = AcceptAll(5);
  auto follower = PeopleFollower::Create(estimator, options).value();
  auto tracker = PoseTracker::Create(options.tracker).value();
  EXPECT_TRUE(follower.ids().empty());
  for (int i = 0; i < 10; ++i) {
    const double time_s = time_s_;
    ProposalFrames(follower, 1);
    const auto expected = tracker.Update(poses_, time_s).value();
    EXPECT_THAT(follower.ids(), testing::ElementsAreArray(expected));
  }
  EXPECT_THAT(follower.ids(), testing::ElementsAre(1));
  follower.Reset();
  EXPECT_TRUE(follower.ids().empty());
  ProposalFrames(follower, 1);
  EXPECT_THAT(follower.ids(), testing::ElementsAre(2));
}

TEST_F(PeopleFollowerTest, PassesDecodeOptionsToTheEstimator) {
  const PoseEstimator estimator = StandingEstimator();
  PeopleFollowerOptions options = AcceptAll(100);
  options.decode.mirror = Mirror::kHorizontal;
  auto follower = PeopleFollower::Create(estimator, options).value();
  std::vector<Pose> expected;
  ASSERT_THAT(estimator.Estimate(image_.View(), options.decode, expected), base::Succeeds());
  ASSERT_THAT(ProposalFrames(follower, 1), testing::ElementsAre(0));
  human::ExpectNearPoses(poses_, expected);
  // The person stays in place, in mirrored coordinates, when the refiner alone runs.
  EXPECT_THAT(ProposalFrames(follower, 5), testing::ElementsAre(0, 1));
  ASSERT_EQ(poses_.size(), 1U);
  EXPECT_NEAR(poses_[0].keypoints[0].position_px.x, expected[0].keypoints[0].position_px.x, 2.0F);
  options.decode.decoder = PoseDecoder::kMoveNetSingle;
  auto wrong = PeopleFollower::Create(estimator, options).value();
  EXPECT_THAT(wrong.Estimate(image_.View(), 0.0), base::FailsWith(ErrorCode::kUnsupported, "maps of a MoveNet"));
}

TEST_F(PeopleFollowerTest, RunsTheEstimatorInTheFrameInWhichTheRefinerFails) {
  // Random weights never find a person with that score: after each failure, the estimator returns its own keypoints.
  const PoseEstimator estimator = Estimator(human::RandomMoveNet(), {.min_pose_score = 1.0F, .thread_count = 1});
  auto follower = PeopleFollower::Create(estimator, AcceptAll(100)).value();
  EXPECT_EQ(ProposalFrames(follower, 10).size(), 10U);
  human::ExpectNearPoses(poses_, estimator.Estimate(image_.View()).value());
}

TEST_F(PeopleFollowerTest, RunsTheEstimatorInEveryFrameWhileNobodyIsDetected) {
  const PoseEstimator estimator = Estimator(human::RandomMoveNet(), {.thread_count = 1});
  PeopleFollowerOptions options = AcceptAll(100);
  options.min_pose_score = 1.0F;
  auto follower = PeopleFollower::Create(estimator, options).value();
  EXPECT_EQ(ProposalFrames(follower, 10).size(), 10U);
  EXPECT_TRUE(poses_.empty());
}

TEST_F(PeopleFollowerTest, StartsAgainAfterResetAndWhenTheFrameSizeChanges) {
  const PoseEstimator estimator = StandingEstimator();
  auto follower = PeopleFollower::Create(estimator, AcceptAll(100)).value();
  EXPECT_THAT(ProposalFrames(follower, 10), testing::ElementsAre(0, 1, 2));
  follower.Reset();
  EXPECT_THAT(ProposalFrames(follower, 10), testing::ElementsAre(0, 1, 2));
  image_ = image::RandomRgbImage(190, 120, 4);
  EXPECT_THAT(ProposalFrames(follower, 10), testing::ElementsAre(0, 1, 2));
}

TEST_F(PeopleFollowerTest, ReturnsTheSameWhateverTheThreads) {
  std::vector<Pose> expected;
  for (const int thread_count : {1, 2, 4}) {
    const PoseEstimator estimator = StandingEstimator(thread_count);
    auto follower = PeopleFollower::Create(estimator, AcceptAll(4)).value();
    ASSERT_EQ(ProposalFrames(follower, 12).size(), 5U);
    if (thread_count == 1) expected = poses_;
    human::ExpectNearPoses(poses_, expected);
  }
}

TEST_F(PeopleFollowerTest, RejectsInvalidArguments) {
  const PoseEstimator estimator = StandingEstimator();
  const auto fails = [&](const PeopleFollowerOptions& options, const char* message) {
    EXPECT_THAT(PeopleFollower::Create(estimator, options), base::FailsWith(ErrorCode::kInvalidArgument, message));
  };
  fails({.propose_every = 0}, "propose_every is 0; expected 1 to 1000");
  fails({.min_pose_score = 2.0F}, "min_pose_score is 2; expected 0 to 1");
  fails({.tracker = {.max_tracks = 0}}, "max_tracks is 0");
  const PoseEstimator plain = human::CreateEstimator(model::MakeModel(human::RandomPoseNet()).value());
  EXPECT_THAT(PeopleFollower::Create(plain), base::FailsWith(ErrorCode::kInvalidArgument, "has no refiner"));
  auto follower = PeopleFollower::Create(estimator).value();
  EXPECT_THAT(follower.Estimate({}, 0.0), base::FailsWith(ErrorCode::kInvalidArgument, "data is null"));
  ASSERT_THAT(follower.Estimate(image_.View(), 2.0), base::Succeeds());
  EXPECT_THAT(follower.Estimate(image_.View(), 1.0), base::FailsWith(ErrorCode::kInvalidArgument, "time"));
}

}  // namespace
}  // namespace posenet

// SPDX-License-Identifier: Apache-2.0
// Followers of the C interface give the poses of the C++ API.
#include "posenet/follow.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "base/testing/value_or_throw.h"
#include "fixture.h"
#include "human/testing/estimators.h"
#include "human/testing/movenet_maps.h"
#include "image/testing/random_image.h"
#include "posenet/refine.h"

namespace posenet::c {
namespace {

constexpr double kFrameSeconds = 0.04;

class CFollowTest : public CTest {
 protected:
  /// Detects one person anywhere. With a refiner, whose person stays in place while the image is the same.
  EstimatorHandle Estimator(bool has_refiner) {
    posenet_refiner* refiner = nullptr;
    if (has_refiner) {
      const ModelHandle movenet = LoadModel(human::StandingMoveNet());
      auto options = Initialized<posenet_refiner_options_init, posenet_refiner_options>();
      options.thread_count = 1;
      EXPECT_EQ(posenet_refiner_create(movenet.get(), &options, &refiner, error()), POSENET_OK) << message();
    }
    const RefinerHandle owner(refiner);
    const ModelHandle model = LoadModel(human::RandomPoseNet());
    auto options = Initialized<posenet_estimator_options_init, posenet_estimator_options>();
    options.input_width_px = options.input_height_px = 97;
    options.decoder = POSENET_DECODER_TFJS_SINGLE;
    options.thread_count = 1;
    options.refiner = refiner;
    return CreateEstimator(model.get(), options);
  }

  static PoseEstimator CppEstimator(bool has_refiner) {
    PoseEstimatorOptions options;
    options.input_width_px = options.input_height_px = 97;
    options.decoder = PoseDecoder::kTfjsSingle;
    options.thread_count = 1;
    if (has_refiner) {
      options.refiner = std::make_shared<const PersonRefiner>(base::ValueOrThrow(
          PersonRefiner::Create(model::MakeModel(human::StandingMoveNet()).value(), {.thread_count = 1})));
    }
    return human::CreateEstimator(model::MakeModel(human::RandomPoseNet()).value(), options);
  }

  image::Image pixels_ = image::RandomRgbImage(200, 120, 3);
  posenet_image image_ = ImageOf(pixels_);
};

TEST_F(CFollowTest, FollowsOnePersonLikeTheCppApi) {
  for (const bool has_refiner : {false, true}) {
    EstimatorHandle estimator = Estimator(has_refiner);
    auto options = Initialized<posenet_person_follower_options_init, posenet_person_follower_options>();
    options.region_scale = 2.0;
    options.min_pose_score = 0.0F;
    options.min_keypoint_score = 0.0F;
    posenet_person_follower* created = nullptr;
    ASSERT_EQ(posenet_person_follower_create(estimator.get(), &options, &created, error()), POSENET_OK) << message();
    const PersonFollowerHandle follower(created);
    estimator.reset();  // The follower keeps what it needs of it.
    const PoseEstimator cpp_estimator = CppEstimator(has_refiner);
    auto cpp_follower =
        PersonFollower::Create(cpp_estimator, {.region_scale = 2.0, .min_pose_score = 0.0F, .min_keypoint_score = 0.0F})
            .value();
    const auto expect_same_region = [&](bool is_expected) {
      posenet_region region = {};
      std::int32_t is_following = -1;
      ASSERT_EQ(posenet_person_follower_get_region(follower.get(), &region, &is_following, error()), POSENET_OK);
      const std::optional<PixelRegion> expected = cpp_follower.region();
      ASSERT_EQ(expected.has_value(), is_expected);
      ASSERT_EQ(is_following, is_expected ? 1 : 0);
      if (!expected) return;
      EXPECT_EQ(region.x_px, expected->x_px);
      EXPECT_EQ(region.y_px, expected->y_px);
      EXPECT_EQ(region.width_px, expected->width_px);
      EXPECT_EQ(region.height_px, expected->height_px);
    };
    expect_same_region(false);
    for (int frame = 0; frame < 3; ++frame) {
      posenet_pose pose = {};
      std::int32_t is_visible = -1;
      ASSERT_EQ(posenet_person_follower_estimate(follower.get(), &image_, &pose, &is_visible, error()), POSENET_OK)
          << message();
      const std::optional<Pose> expected = cpp_follower.Estimate(pixels_.View()).value();
      ASSERT_TRUE(expected.has_value());
      EXPECT_EQ(is_visible, 1);
      human::ExpectSamePoses(ToPoses(std::vector{pose}), {*expected});
      expect_same_region(true);
    }
    posenet_person_follower_reset(follower.get());
    cpp_follower.Reset();
    expect_same_region(false);
  }
}

TEST_F(CFollowTest, APersonWhoIsNotVisibleLeavesThePoseUnchanged) {
  const EstimatorHandle estimator = Estimator(false);
  auto options = Initialized<posenet_person_follower_options_init, posenet_person_follower_options>();
  options.min_pose_score = 1.0F;
  posenet_person_follower* created = nullptr;
  ASSERT_EQ(posenet_person_follower_create(estimator.get(), &options, &created, error()), POSENET_OK) << message();
  const PersonFollowerHandle follower(created);
  posenet_pose pose = {};
  pose.score = -7.0F;
  std::int32_t is_visible = -1;
  ASSERT_EQ(posenet_person_follower_estimate(follower.get(), &image_, &pose, &is_visible, error()), POSENET_OK);
  EXPECT_EQ(is_visible, 0);
  EXPECT_EQ(pose.score, -7.0F);
}

TEST_F(CFollowTest, FollowsPeopleLikeTheCppApi) {
  EstimatorHandle estimator = Estimator(true);
  auto tracker = Initialized<posenet_tracker_options_init, posenet_tracker_options>();
  tracker.min_keypoint_score = 0.0F;
  tracker.min_new_score = 0.0F;
  auto decode = Initialized<posenet_decode_options_init, posenet_decode_options>();
  decode.mirror = POSENET_MIRROR_HORIZONTAL;
  auto options = Initialized<posenet_people_follower_options_init, posenet_people_follower_options>();
  options.propose_every = 4;
  options.min_pose_score = 0.0F;
  options.tracker = &tracker;
  options.decode = &decode;
  posenet_people_follower* created = nullptr;
  ASSERT_EQ(posenet_people_follower_create(estimator.get(), &options, &created, error()), POSENET_OK) << message();
  const PeopleFollowerHandle follower(created);
  estimator.reset();
  const PoseEstimator cpp_estimator = CppEstimator(true);
  PeopleFollowerOptions cpp_options = {
      .propose_every = 4, .min_pose_score = 0.0F, .tracker = {.min_keypoint_score = 0.0F, .min_new_score = 0.0F}};
  cpp_options.decode.mirror = Mirror::kHorizontal;
  auto cpp_follower = PeopleFollower::Create(cpp_estimator, cpp_options).value();
  for (int frame = 0; frame < 12; ++frame) {
    std::vector<posenet_pose> poses(30);
    std::vector<std::int64_t> ids(30, -5);
    std::size_t count = 0;
    ASSERT_EQ(posenet_people_follower_estimate(follower.get(), &image_, frame * kFrameSeconds, poses.data(), ids.data(),
                                               poses.size(), &count, error()),
              POSENET_OK)
        << message();
    poses.resize(count);
    ids.resize(count);
    human::ExpectSamePoses(ToPoses(poses), cpp_follower.Estimate(pixels_.View(), frame * kFrameSeconds).value());
    EXPECT_EQ(ids, std::vector<std::int64_t>(cpp_follower.ids().begin(), cpp_follower.ids().end()));
    EXPECT_EQ(posenet_people_follower_proposal_count(follower.get()), cpp_follower.proposal_count());
  }
  EXPECT_LT(cpp_follower.proposal_count(), 12);

  // Without IDs, without room, and after a reset with an earlier time.
  std::size_t count = 5;
  ASSERT_EQ(posenet_people_follower_estimate(follower.get(), &image_, 1.0, nullptr, nullptr, 0, &count, error()),
            POSENET_OK)
      << message();
  EXPECT_EQ(count, 0U);
  posenet_people_follower_reset(follower.get());
  posenet_pose pose;
  EXPECT_EQ(posenet_people_follower_estimate(follower.get(), &image_, 0.0, &pose, nullptr, 1, &count, error()),
            POSENET_OK)
      << message();
  EXPECT_EQ(count, 1U);
}

TEST_F(CFollowTest, DefaultsAreThoseOfTheCppApi) {
  const auto person = Initialized<posenet_person_follower_options_init, posenet_person_follower_options>();
  const PersonFollowerOptions expected_person;
  EXPECT_EQ(person.region_scale, expected_person.region_scale);
  EXPECT_EQ(person.min_pose_score, expected_person.min_pose_score);
  EXPECT_EQ(person.min_keypoint_score, expected_person.min_keypoint_score);
  const auto people = Initialized<posenet_people_follower_options_init, posenet_people_follower_options>();
  const PeopleFollowerOptions expected_people;
  EXPECT_EQ(people.propose_every, expected_people.propose_every);
  EXPECT_EQ(people.min_pose_score, expected_people.min_pose_score);
  EXPECT_EQ(people.tracker, nullptr);
  EXPECT_EQ(people.decode, nullptr);
}

TEST_F(CFollowTest, ArgumentsOutOfRangeAreErrors) {
  const EstimatorHandle estimator = Estimator(true);
  posenet_person_follower* person = nullptr;
  for (const double scale : {0.5, 11.0, std::numeric_limits<double>::quiet_NaN()}) {
    auto options = Initialized<posenet_person_follower_options_init, posenet_person_follower_options>();
    options.region_scale = scale;
    ExpectFailed(posenet_person_follower_create(estimator.get(), &options, &person, error()), POSENET_INVALID_ARGUMENT,
                 "region_scale");
    EXPECT_EQ(person, nullptr);
  }
  posenet_people_follower* people = nullptr;
  auto options = Initialized<posenet_people_follower_options_init, posenet_people_follower_options>();
  options.propose_every = 0;
  ExpectFailed(posenet_people_follower_create(estimator.get(), &options, &people, error()), POSENET_INVALID_ARGUMENT,
               "propose_every");
  options.propose_every = 10;
  auto tracker = Initialized<posenet_tracker_options_init, posenet_tracker_options>();
  tracker.max_tracks = -1;
  options.tracker = &tracker;
  ExpectFailed(posenet_people_follower_create(estimator.get(), &options, &people, error()), POSENET_INVALID_ARGUMENT,
               "max_tracks");
  tracker.struct_size = 3;
  ExpectFailed(posenet_people_follower_create(estimator.get(), &options, &people, error()), POSENET_INVALID_ARGUMENT,
               "posenet_tracker_options.struct_size");
  const EstimatorHandle without_refiner = Estimator(false);
  ExpectFailed(posenet_people_follower_create(without_refiner.get(), nullptr, &people, error()),
               POSENET_INVALID_ARGUMENT, "refiner");
  ASSERT_EQ(posenet_people_follower_create(estimator.get(), nullptr, &people, error()), POSENET_OK) << message();
  const PeopleFollowerHandle follower(people);
  std::size_t count = 7;
  posenet_pose pose;
  for (const double time_s : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    ExpectFailed(posenet_people_follower_estimate(people, &image_, time_s, &pose, nullptr, 1, &count, error()),
                 POSENET_INVALID_ARGUMENT, "time");
  }
  posenet_image image = image_;
  image.format = 9;
  ExpectFailed(posenet_people_follower_estimate(people, &image, 0.0, &pose, nullptr, 1, &count, error()),
               POSENET_INVALID_ARGUMENT, "format");
  EXPECT_EQ(count, 7U);
}

}  // namespace
}  // namespace posenet::c

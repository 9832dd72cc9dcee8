// SPDX-License-Identifier: Apache-2.0
// Trackers and smoothers of the C interface give the results of the C++ API.
#include "posenet/track.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "fixture.h"
#include "human/testing/estimators.h"
#include "human/testing/pose_maps.h"

namespace posenet::c {
namespace {

/// Two people who walk toward each other, with jitter.
std::vector<posenet_pose> FramePoses(int frame) {
  std::vector<posenet_pose> poses;
  for (int person = 0; person < 2; ++person) {
    const float direction = person == 0 ? 1.0F : -1.0F;
    const float x = 300.0F - direction * (150.0F - 4.0F * static_cast<float>(frame));
    const auto figure = human::decode::StandingFigure({.x = x, .y = 200.0F}, 1.0F);
    posenet_pose pose = {.score = 0.9F, .keypoints = {}};
    for (std::size_t i = 0; i < figure.size(); ++i) {
      const float jitter = static_cast<float>((frame * 7 + static_cast<int>(i) * 3) % 5) - 2.0F;
      pose.keypoints[i] = {.x_px = figure[i].x + jitter, .y_px = figure[i].y - jitter, .score = 0.8F};
    }
    poses.push_back(pose);
  }
  return poses;
}

TEST_F(CTest, TracksAndSmoothsLikeTheCppApi) {
  auto tracker_options = Initialized<posenet_tracker_options_init, posenet_tracker_options>();
  auto smoother_options = Initialized<posenet_smoother_options_init, posenet_smoother_options>();
  tracker_options.similarity = POSENET_SIMILARITY_BOX;
  tracker_options.max_age_ms = 500.0;
  smoother_options.beta = 5.0;
  posenet_tracker* created_tracker = nullptr;
  posenet_smoother* created_smoother = nullptr;
  ASSERT_EQ(posenet_tracker_create(&tracker_options, &created_tracker, error()), POSENET_OK) << message();
  ASSERT_EQ(posenet_smoother_create(&smoother_options, &created_smoother, error()), POSENET_OK) << message();
  const TrackerHandle tracker(created_tracker);
  const SmootherHandle smoother(created_smoother);
  PoseTracker cpp_tracker = PoseTracker::Create({.similarity = TrackSimilarity::kBox, .max_age_ms = 500.0}).value();
  PoseSmoother cpp_smoother = PoseSmoother::Create({.beta = 5.0}).value();

  for (int frame = 0; frame < 20; ++frame) {
    const double time_s = frame / 30.0;
    std::vector<posenet_pose> poses = FramePoses(frame);
    std::vector<Pose> expected = ToPoses(poses);

    std::vector<posenet_track> tracks(18);
    std::size_t track_count = 0;
    ASSERT_EQ(posenet_tracker_predict(tracker.get(), time_s, tracks.data(), tracks.size(), &track_count, error()),
              POSENET_OK);
    const auto predictions = cpp_tracker.Predict(time_s).value();
    ASSERT_EQ(track_count, predictions.size());
    EXPECT_EQ(track_count, frame == 0 ? 0U : 2U);
    for (std::size_t i = 0; i < track_count; ++i) {
      EXPECT_EQ(tracks[i].id, predictions[i].id);
      EXPECT_EQ(tracks[i].missed_s, predictions[i].missed_s);
      EXPECT_EQ(tracks[i].is_confirmed, predictions[i].is_confirmed ? 1 : 0);
      human::ExpectSamePoses(ToPoses(std::vector{tracks[i].pose}), {predictions[i].pose});
    }

    std::vector<std::int64_t> ids(poses.size(), -5);
    ASSERT_EQ(posenet_tracker_update(tracker.get(), poses.data(), poses.size(), time_s, ids.data(), error()),
              POSENET_OK)
        << message();
    EXPECT_EQ(ids, cpp_tracker.Update(expected, time_s).value());

    ASSERT_EQ(posenet_smoother_smooth(smoother.get(), poses.data(), ids.data(), poses.size(), time_s, error()),
              POSENET_OK)
        << message();
    ASSERT_TRUE(cpp_smoother.Smooth(expected, ids, time_s).has_value());
    human::ExpectSamePoses(ToPoses(poses), expected);
  }
}

TEST_F(CTest, DefaultsOfTrackersAreThoseOfTheCppApi) {
  const auto tracker = Initialized<posenet_tracker_options_init, posenet_tracker_options>();
  const PoseTrackerOptions expected_tracker;
  EXPECT_EQ(tracker.similarity, static_cast<int>(expected_tracker.similarity));
  EXPECT_EQ(tracker.max_tracks, expected_tracker.max_tracks);
  EXPECT_EQ(tracker.max_age_ms, expected_tracker.max_age_ms);
  EXPECT_EQ(tracker.min_keypoint_score, expected_tracker.min_keypoint_score);
  EXPECT_EQ(tracker.min_new_score, expected_tracker.min_new_score);
  const auto smoother = Initialized<posenet_smoother_options_init, posenet_smoother_options>();
  const PoseSmootherOptions expected_smoother;
  EXPECT_EQ(smoother.min_cutoff_hz, expected_smoother.min_cutoff_hz);
  EXPECT_EQ(smoother.beta, expected_smoother.beta);
  EXPECT_EQ(smoother.derivative_cutoff_hz, expected_smoother.derivative_cutoff_hz);
  EXPECT_EQ(smoother.noise, expected_smoother.noise);
  EXPECT_EQ(smoother.max_age_ms, expected_smoother.max_age_ms);
}

TEST_F(CTest, ResetForgetsTracks) {
  posenet_tracker* created = nullptr;
  ASSERT_EQ(posenet_tracker_create(nullptr, &created, error()), POSENET_OK);
  const TrackerHandle tracker(created);
  const auto poses = FramePoses(0);
  std::vector<std::int64_t> ids(2);
  ASSERT_EQ(posenet_tracker_update(tracker.get(), poses.data(), 2, 5.0, ids.data(), error()), POSENET_OK);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 2}));
  posenet_tracker_reset(tracker.get());
  ASSERT_EQ(posenet_tracker_update(tracker.get(), poses.data(), 2, 0.0, ids.data(), error()), POSENET_OK) << message();
  EXPECT_EQ(ids, (std::vector<std::int64_t>{3, 4}));
  // A frame without people.
  EXPECT_EQ(posenet_tracker_update(tracker.get(), nullptr, 0, 1.0, nullptr, error()), POSENET_OK) << message();
}

TEST_F(CTest, AFailedCallChangesNeitherPosesNorTracker) {
  posenet_tracker* created_tracker = nullptr;
  posenet_smoother* created_smoother = nullptr;
  ASSERT_EQ(posenet_tracker_create(nullptr, &created_tracker, error()), POSENET_OK);
  ASSERT_EQ(posenet_smoother_create(nullptr, &created_smoother, error()), POSENET_OK);
  const TrackerHandle tracker(created_tracker);
  const SmootherHandle smoother(created_smoother);
  const auto poses = FramePoses(0);
  std::vector<std::int64_t> ids(2, -9);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  ExpectFailed(posenet_tracker_update(tracker.get(), poses.data(), 2, nan, ids.data(), error()),
               POSENET_INVALID_ARGUMENT, "time");
  EXPECT_EQ(ids, (std::vector<std::int64_t>{-9, -9}));
  auto smoothed = poses;
  ids = {4, 4};
  ExpectFailed(posenet_smoother_smooth(smoother.get(), smoothed.data(), ids.data(), 2, 0.0, error()),
               POSENET_INVALID_ARGUMENT, "");
  EXPECT_EQ(std::memcmp(smoothed.data(), poses.data(), 2 * sizeof(posenet_pose)), 0);
}

}  // namespace
}  // namespace posenet::c

// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "base/testing/matchers.h"
#include "posenet/track.h"

namespace posenet {
namespace {

using Ids = std::vector<std::int64_t>;

/// A standing person, 1.7 m tall at 100 px per meter, with the nose at (x, y).
Pose Standing(double x, double y, double scale = 1.0) {
  // Relative to the nose, in pixels.
  constexpr std::array<Point, kPartCount> kBody = {{{0, 0},
                                                    {3, -3},
                                                    {-3, -3},
                                                    {8, 0},
                                                    {-8, 0},
                                                    {18, 22},
                                                    {-18, 22},
                                                    {24, 50},
                                                    {-24, 50},
                                                    {26, 75},
                                                    {-26, 75},
                                                    {12, 75},
                                                    {-12, 75},
                                                    {12, 115},
                                                    {-12, 115},
                                                    {12, 152},
                                                    {-12, 152}}};
  Pose pose = {.score = 0.8F};
  for (std::size_t i = 0; i < kPartCount; ++i) {
    pose.keypoints[i] = {.position_px = {.x = static_cast<float>(x + scale * static_cast<double>(kBody[i].x)),
                                         .y = static_cast<float>(y + scale * static_cast<double>(kBody[i].y))},
                         .score = 0.9F};
  }
  return pose;
}

class PoseTrackerTest : public ::testing::TestWithParam<TrackSimilarity> {
 protected:
  Ids Update(const std::vector<Pose>& poses, double time_s) { return tracker_.Update(poses, time_s).value(); }

  PoseTracker tracker_ = PoseTracker::Create({.similarity = GetParam()}).value();
};

INSTANTIATE_TEST_SUITE_P(Similarities, PoseTrackerTest,
                         ::testing::Values(TrackSimilarity::kKeypoints, TrackSimilarity::kBox),
                         [](const auto& test) { return test.param == TrackSimilarity::kBox ? "Box" : "Keypoints"; });

TEST_P(PoseTrackerTest, PredictsTheLastPoseAtConstantVelocity) {
  EXPECT_TRUE(tracker_.Predict(0.0).value().empty());
  for (int frame = 0; frame < 20; ++frame) Update({Standing(100 + 4 * frame, 50)}, 0.04 * frame);
  const Pose expected = Standing(100 + 4 * 21, 50);
  for (int missed_frames = 0; missed_frames < 2; ++missed_frames) {
    const std::vector<TrackPrediction> tracks = tracker_.Predict(0.04 * 21).value();
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_EQ(tracks[0].id, 1);
    EXPECT_TRUE(tracks[0].is_confirmed);
    EXPECT_NEAR(tracks[0].missed_s, 0.04 * missed_frames, 1e-9);
    for (std::size_t i = 0; i < kPartCount; ++i) {
      EXPECT_NEAR(tracks[0].pose.keypoints[i].position_px.x, expected.keypoints[i].position_px.x, 1.0F);
      EXPECT_NEAR(tracks[0].pose.keypoints[i].position_px.y, expected.keypoints[i].position_px.y, 1.0F);
      EXPECT_EQ(tracks[0].pose.keypoints[i].score, expected.keypoints[i].score);
    }
    Update({}, 0.04 * 20);
  }
  EXPECT_THAT(tracker_.Predict(0.5), base::FailsWith(ErrorCode::kInvalidArgument, "time"));
}

TEST_P(PoseTrackerTest, PredictsTentativeTracksWithoutAnId) {
  Pose faint = Standing(100, 50);
  faint.score = 0.2F;
  EXPECT_EQ(Update({faint}, 0.0), Ids{0});
  const std::vector<TrackPrediction> tracks = tracker_.Predict(0.04).value();
  ASSERT_EQ(tracks.size(), 1U);
  EXPECT_EQ(tracks[0].id, 0);
  EXPECT_FALSE(tracks[0].is_confirmed);
}

TEST_P(PoseTrackerTest, AssignsIdsToPeopleInAnyOrder) {
  EXPECT_EQ(Update({Standing(100, 50), Standing(300, 50)}, 0.0), (Ids{1, 2}));
  EXPECT_EQ(Update({Standing(303, 50), Standing(102, 50)}, 0.033), (Ids{2, 1}));
  EXPECT_EQ(Update({Standing(500, 50), Standing(306, 50), Standing(104, 50)}, 0.066), (Ids{3, 2, 1}));
  EXPECT_EQ(Update({}, 0.1), Ids{});
}

TEST_P(PoseTrackerTest, ReidentifiesAnOccludedWalker) {
  // Walks at 1.4 m/s and is occluded for ten frames.
  for (const double fps : {10.0, 30.0, 60.0}) {
    tracker_.Reset();
    const auto at = [&](int frame) { return Standing(100.0 + 140.0 * frame / fps, 50); };
    const std::int64_t id = Update({at(0)}, 0.0).front();
    int frame = 1;
    for (; frame < 10; ++frame) EXPECT_EQ(Update({at(frame)}, frame / fps), Ids{id});
    for (; frame < 20; ++frame) Update({}, frame / fps);
    EXPECT_EQ(Update({at(frame)}, frame / fps), Ids{id}) << fps;
  }
}

TEST_P(PoseTrackerTest, KeepsIdsOfPeopleWhoCross) {
  for (const double fps : {10.0, 30.0, 60.0}) {
    for (const bool is_occluded : {false, true}) {
      tracker_.Reset();
      Ids ids;
      const int frames = static_cast<int>(4.0 * fps);
      std::mt19937 random(3);
      for (int frame = 0; frame < frames; ++frame) {
        const double walked_px = 140.0 * frame / fps;
        const double left = 20.0 + walked_px;
        const double right = 580.0 - walked_px;
        std::vector<Pose> poses = {Standing(left, 50), Standing(right, 50)};
        for (Pose& pose : poses) {
          std::normal_distribution<float> noise(0.0F, 1.0F);
          for (Keypoint& keypoint : pose.keypoints) {
            keypoint.position_px.x += noise(random);
            keypoint.position_px.y += noise(random);
          }
        }
        if (is_occluded && std::abs(left - right) < 45.0) poses.pop_back();
        const Ids now = Update(poses, frame / fps);
        if (frame == 0) ids = now;
        if (std::abs(left - right) < 10.0) continue;  // Indistinguishable.
        ASSERT_EQ(now.front(), ids.front()) << frame << " at " << fps;
        if (now.size() == 1) continue;
        ASSERT_EQ(now.back(), ids.back()) << frame << " at " << fps << " " << is_occluded;
      }
    }
  }
}

/// A pose of which only the head is confident, as of a person who enters the image from below.
Pose HeadOnly(Pose pose) {
  for (std::size_t i = static_cast<std::size_t>(Part::kLeftShoulder); i < kPartCount; ++i) {
    pose.keypoints[i].score = 0.1F;
  }
  return pose;
}

TEST_P(PoseTrackerTest, ReidentifiesInPlaceAfterAMoment) {
  EXPECT_EQ(Update({HeadOnly(Standing(100, 400))}, 0.0), Ids{1});
  EXPECT_EQ(Update({HeadOnly(Standing(103, 396))}, 0.1), Ids{1});
  EXPECT_EQ(Update({Standing(110, 310)}, 0.2), Ids{1});
  // Not later and elsewhere.
  for (int i = 3; i < 20; ++i) EXPECT_EQ(Update({}, 0.1 * i), Ids{});
  EXPECT_EQ(Update({Standing(600, 310)}, 2.0), Ids{2});
}

TEST_P(PoseTrackerTest, FollowsTurnsAtLowFrameRates) {
  // Walks back and forth, at three frames per second.
  for (int frame = 0; frame < 40; ++frame) {
    const int step = frame % 8;
    EXPECT_EQ(Update({Standing(100.0 + 47.0 * (step < 4 ? step : 8 - step), 50)}, frame / 3.0), Ids{1}) << frame;
  }
}

TEST_P(PoseTrackerTest, StartsANewTrackForTheNextPersonAtTheEdge) {
  // Three people cross the image one after another, which defines its extent. The fourth, who is closer to the camera,
  // enters a third of a second after the third left at the same edge.
  const auto cross = [&](double from, double speed, double start_s, double scale) {
    std::set<std::int64_t> ids;
    for (int frame = 0; frame <= 60; ++frame) {
      const Ids now = Update({Standing(from + speed * frame / 30.0, 200.0, scale)}, start_s + frame / 30.0);
      ids.insert(now.begin(), now.end());
    }
    for (int frame = 61; frame < 70; ++frame) Update({}, start_s + frame / 30.0);
    return ids;
  };
  EXPECT_EQ(cross(0.0, 150.0, 0.0, 1.0), std::set<std::int64_t>{1});
  EXPECT_EQ(cross(300.0, -150.0, 2.4, 1.3), std::set<std::int64_t>{2});
  EXPECT_EQ(cross(0.0, 150.0, 4.8, 1.0), std::set<std::int64_t>{3});
  EXPECT_EQ(cross(300.0, -150.0, 7.2, 1.2), std::set<std::int64_t>{4});
}

TEST_P(PoseTrackerTest, DoesNotReidentifyInPlaceNearOthers) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Update({Standing(100, 100), Standing(170, 100)}, 0.1 * i), (Ids{1, 2}));
  }
  EXPECT_EQ(Update({Standing(100, 100), Standing(200, 185)}, 0.5), (Ids{1, 3}));
}

TEST_P(PoseTrackerTest, FollowsUniformMotionAtIrregularTimes) {
  std::mt19937 random(8);
  std::uniform_real_distribution<double> step(0.005, 0.2);
  double time_s = 1000.0;
  for (int frame = 0; frame < 200; ++frame) {
    const double x = 100.0 + 200.0 * (time_s - 1000.0);
    EXPECT_EQ(Update({Standing(x, 50), Standing(x + 120.0, 60)}, time_s), (Ids{1, 2})) << frame;
    time_s += step(random);
  }
}

TEST_P(PoseTrackerTest, StartsANewTrackBeyondTheGate) {
  for (int frame = 0; frame < 30; ++frame) Update({Standing(100, 50)}, frame / 30.0);
  EXPECT_EQ(Update({Standing(400, 50)}, 1.0), Ids{2}) << "three meters in a thirtieth of a second";
  EXPECT_EQ(Update({Standing(100, 50)}, 1.03), Ids{1});
}

TEST_P(PoseTrackerTest, DropsTracksAfterMaxAge) {
  auto tracker = PoseTracker::Create({.similarity = GetParam(), .max_age_ms = 700.0}).value();
  for (int frame = 0; frame < 5; ++frame) EXPECT_EQ(tracker.Update({{Standing(100, 50)}}, frame * 0.1).value(), Ids{1});
  EXPECT_EQ(tracker.Update({{Standing(100, 50)}}, 0.4 + 0.69).value(), Ids{1});
  EXPECT_EQ(tracker.Update({{Standing(100, 50)}}, 1.09 + 0.71).value(), Ids{2});
}

TEST_P(PoseTrackerTest, KeepsTheIdDespiteDuplicates) {
  std::mt19937 random(4);
  std::normal_distribution<double> noise(0.0, 3.0);
  std::int64_t id = 0;
  for (int frame = 0; frame < 90; ++frame) {
    std::vector<Pose> poses = {Standing(100.0 + 140.0 * frame / 30.0, 50)};
    if (frame % 4 == 1) {
      Pose duplicate = Standing(100.0 + 140.0 * frame / 30.0 + noise(random), 50 + noise(random));
      duplicate.score = 0.4F;
      poses.insert(poses.begin(), duplicate);
    }
    const Ids ids = Update(poses, frame / 30.0);
    if (frame == 0) id = ids.back();
    EXPECT_EQ(ids.back(), id) << frame;
  }
}

TEST_P(PoseTrackerTest, FollowsPosesWithLowScores) {
  for (int frame = 0; frame < 30; ++frame) {
    Pose pose = Standing(100.0 + 140.0 * frame / 30.0, 50);
    if (frame % 5 == 2) {
      pose.score = 0.05F;
      for (Keypoint& keypoint : pose.keypoints) keypoint.score = 0.1F;
    }
    EXPECT_EQ(Update({pose}, frame / 30.0), Ids{1}) << frame;
  }
}

TEST_P(PoseTrackerTest, DoesNotReuseIdsAfterReset) {
  Update({Standing(100, 50), Standing(300, 50)}, 5.0);
  tracker_.Reset();
  EXPECT_EQ(Update({Standing(100, 50)}, 0.0), Ids{3}) << "time may restart, too";
}

TEST_P(PoseTrackerTest, KeepsAtMostMaxTracks) {
  auto tracker = PoseTracker::Create({.similarity = GetParam(), .max_tracks = 2}).value();
  EXPECT_EQ(tracker.Update({{Standing(100, 50), Standing(300, 50)}}, 0.0).value(), (Ids{1, 2}));
  for (int frame = 1; frame < 5; ++frame) {
    EXPECT_EQ(tracker.Update({{Standing(100, 50), Standing(300, 50)}}, frame * 0.03).value(), (Ids{1, 2}));
  }
  // Of three people, only two are kept: the third gets a new ID each time it is confirmed and dropped again.
  std::set<std::int64_t> thirds;
  for (int frame = 0; frame < 20; ++frame) {
    const Ids ids =
        tracker.Update({{Standing(100, 50), Standing(300, 50), Standing(500, 50)}}, 0.2 + 0.03 * frame).value();
    EXPECT_EQ(ids[0], 1);
    EXPECT_EQ(ids[1], 2);
    thirds.insert(ids[2]);
  }
  EXPECT_GT(thirds.size(), 3);
}

/// `pose` with all scores set to `score`.
Pose Scored(Pose pose, float score) {
  pose.score = score;
  for (Keypoint& keypoint : pose.keypoints) keypoint.score = score;
  return pose;
}

TEST_P(PoseTrackerTest, AssignsNoIdToTransientPoses) {
  for (int frame = 0; frame < 60; ++frame) {
    std::vector<Pose> poses = {Standing(100.0 + 4.0 * frame, 50)};
    if (frame % 10 == 5) poses.push_back(Scored(Standing(400.0 + 37.0 * (frame % 7), 50), 0.45F));
    const Ids ids = Update(poses, frame / 30.0);
    EXPECT_EQ(ids.front(), 1) << frame;
    EXPECT_EQ(ids.back(), ids.size() == 2 ? 0 : 1) << frame;
  }
  EXPECT_EQ(Update({Standing(600, 50)}, 2.5), Ids{2}) << "and does not consume IDs";
}

TEST_P(PoseTrackerTest, AssignsAnIdToLowScoresAfterEnoughEvidence) {
  for (const double fps : {10.0, 30.0, 60.0}) {
    PoseTracker tracker = PoseTracker::Create({.similarity = GetParam()}).value();
    double first_s = -1.0;
    for (int frame = 0; frame < 60; ++frame) {
      const double time_s = frame / fps;
      const Ids ids = tracker.Update({{Scored(Standing(100.0 + 140.0 * time_s, 50), 0.3F)}}, time_s).value();
      if (first_s < 0.0 && ids.front() != 0) first_s = time_s;
      EXPECT_EQ(ids.front(), first_s < 0.0 ? 0 : 1) << frame << " at " << fps;
    }
    // Each detection adds 0.15 of the required 0.35; the first one in full, later ones in proportion to the time.
    EXPECT_GE(first_s, 0.13) << fps;
    EXPECT_LE(first_s, 0.21) << fps;
  }
}

TEST_P(PoseTrackerTest, AssignsAnIdToHighScoresImmediately) {
  EXPECT_EQ(Update({Scored(Standing(100, 50), 0.5F), Scored(Standing(400, 50), 0.49F)}, 0.0), (Ids{1, 0}));
  for (const float score : {0.1F, 0.3F, 0.7F, 0.9F, 1.0F}) {
    PoseTracker tracker = PoseTracker::Create({.similarity = GetParam(), .min_new_score = score}).value();
    EXPECT_EQ(tracker.Update({{Scored(Standing(100, 50), score)}}, 0.0).value(), Ids{1}) << score;
  }
}

TEST_P(PoseTrackerTest, AssignsAnIdToEveryPoseAtMinNewScoreZero) {
  PoseTracker tracker = PoseTracker::Create({.similarity = GetParam(), .min_new_score = 0.0F}).value();
  EXPECT_EQ(tracker.Update({{Scored(Standing(100, 50), 0.0F), Standing(400, 50)}}, 0.0).value(), (Ids{1, 2}));
}

TEST_P(PoseTrackerTest, DoesNotMoveTheIdToALowScoringDuplicate) {
  // The duplicate has a low score, and matches the track better in the frames in which the other pose jumps.
  for (int frame = 0; frame < 40; ++frame) {
    const double x = 100.0 + 3.0 * frame;
    const bool jumps = frame % 8 == 5;
    const Ids ids =
        Update({Scored(Standing(x, 50), 0.06F), Standing(jumps ? x + 22.0 : x, jumps ? 62 : 50)}, frame / 30.0);
    EXPECT_EQ(ids.back(), 1) << frame;
    EXPECT_EQ(ids.front(), 0) << frame;
  }
}

TEST_P(PoseTrackerTest, KeepsTheIdAmongManyDuplicates) {
  // Four duplicates with low scores, any of which may match the track best.
  std::mt19937 random(6);
  std::normal_distribution<double> noise(0.0, 4.0);
  for (int frame = 0; frame < 30; ++frame) {
    std::vector<Pose> poses = {Standing(100.0 + 20.0 * frame + noise(random), 50 + noise(random))};
    while (poses.size() < 5) {
      poses.push_back(Scored(Standing(100.0 + 20.0 * frame + noise(random), 50 + noise(random)), 0.1F));
    }
    EXPECT_EQ(Update(poses, frame / 7.5).front(), 1) << frame;
  }
}

TEST_P(PoseTrackerTest, AssignsUniqueIds) {
  for (const bool all_at_once : {true, false}) {
    PoseTrackerOptions options = {.similarity = GetParam()};
    if (all_at_once) options.min_new_score = 0.0F;
    tracker_ = PoseTracker::Create(options).value();
    std::mt19937 random(9);
    std::uniform_real_distribution<double> place(0.0, 300.0);
    for (int frame = 0; frame < 50; ++frame) {
      std::vector<Pose> poses(random() % 40, Standing(100, 100));
      for (Pose& pose : poses) {
        if (random() % 4 != 0) pose = Standing(place(random), place(random), place(random) / 100.0);
      }
      const Ids ids = Update(poses, frame * 0.04);
      ASSERT_EQ(ids.size(), poses.size());
      // Duplicates may be unassigned.
      const auto unassigned = static_cast<std::size_t>(std::count(ids.begin(), ids.end(), 0));
      EXPECT_EQ(std::set<std::int64_t>(ids.begin(), ids.end()).size(),
                poses.size() - unassigned + (unassigned > 0 ? 1 : 0));
      EXPECT_TRUE(unassigned == 0 || !all_at_once);
      EXPECT_TRUE(std::all_of(ids.begin(), ids.end(), [](std::int64_t id) { return id >= 0; }));
    }
  }
}

TEST_P(PoseTrackerTest, SupportsAnyFinitePosition) {
  Pose point = Standing(0, 0, 0.0);
  Pose far = Standing(3e37, -3e37, 1e35);
  Pose zero_scores = Standing(50, 50);
  for (Keypoint& keypoint : zero_scores.keypoints) keypoint.score = 0.0F;
  for (int frame = 0; frame < 5; ++frame) {
    EXPECT_EQ(Update({point, far, zero_scores}, frame * 1e-9), (Ids{1, 2, 3}));
  }
}

TEST(PoseTrackerErrorTest, RejectsInvalidInputWithoutChange) {
  auto tracker = PoseTracker::Create().value();
  EXPECT_EQ(tracker.Update({{Standing(100, 50)}}, 1.0).value(), Ids{1});
  EXPECT_THAT(tracker.Update({}, 0.5), base::FailsWith(ErrorCode::kInvalidArgument, "time_s is 0.5"));
  EXPECT_THAT(tracker.Update({}, std::numeric_limits<double>::quiet_NaN()),
              base::FailsWith(ErrorCode::kInvalidArgument, "time_s is not finite"));
  std::vector<Pose> broken = {Standing(100, 50), Standing(100, 50)};
  broken[1][Part::kLeftHip].position_px.y = std::numeric_limits<float>::infinity();
  EXPECT_THAT(tracker.Update(broken, 2.0), base::FailsWith(ErrorCode::kInvalidArgument, "poses[1]: the leftHip"));
  EXPECT_EQ(tracker.Update({{Standing(100, 50)}}, 1.0).value(), Ids{1}) << "the same time is not an error";
}

TEST(PoseTrackerErrorTest, RejectsOptionsOutOfRange) {
  EXPECT_THAT(PoseTracker::Create({.max_tracks = 0}), base::FailsWith(ErrorCode::kInvalidArgument, "max_tracks is 0"));
  EXPECT_THAT(PoseTracker::Create({.max_age_ms = 0.0}),
              base::FailsWith(ErrorCode::kInvalidArgument, "max_age_ms is 0"));
  EXPECT_THAT(PoseTracker::Create({.max_age_ms = std::numeric_limits<double>::infinity()}),
              base::FailsWith(ErrorCode::kInvalidArgument, "max_age_ms"));
  EXPECT_THAT(PoseTracker::Create({.min_keypoint_score = 1.5F}),
              base::FailsWith(ErrorCode::kInvalidArgument, "min_keypoint_score is 1.5"));
  EXPECT_THAT(PoseTracker::Create({.min_new_score = std::numeric_limits<float>::quiet_NaN()}),
              base::FailsWith(ErrorCode::kInvalidArgument, "min_new_score is nan"));
  EXPECT_THAT(PoseTracker::Create({.similarity = static_cast<TrackSimilarity>(7)}),
              base::FailsWith(ErrorCode::kInvalidArgument, "similarity 7"));
}

}  // namespace
}  // namespace posenet

// SPDX-License-Identifier: Apache-2.0
#include "common/people_over_time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace posenet::app {
namespace {

// All keypoints on the corners of a square, each with `score`.
Pose Square(float x, float score) {
  Pose pose = {.score = score};
  for (std::size_t i = 0; i < kPartCount; ++i) {
    pose.keypoints[i] = {.position_px = {.x = x + (i % 2 == 1 ? 100.0F : 0.0F), .y = i % 4 >= 2 ? 100.0F : 0.0F},
                         .score = score};
  }
  return pose;
}

using Ids = std::vector<std::int64_t>;

TEST(PeopleOverTimeTest, TrackingRemovesPosesOfTentativeTracks) {
  auto people = PeopleOverTime::Create({.track = true, .smooth = true}).value();
  std::vector<Pose> poses = {Square(0, 0.4F), Square(300, 0.9F), Square(600, 0.2F), Square(900, 0.8F)};
  EXPECT_EQ(people.Update(poses, {}, 0.0).value(), (Ids{1, 2}));
  ASSERT_EQ(poses.size(), 2U);
  EXPECT_EQ(poses[0].score, 0.9F);
  EXPECT_EQ(poses[1].score, 0.8F);
}

TEST(PeopleOverTimeTest, WithoutTrackingAllPosesStay) {
  for (const bool smooth : {false, true}) {
    auto people = PeopleOverTime::Create({.smooth = smooth}).value();
    std::vector<Pose> poses = {Square(0, 0.1F), Square(300, 0.9F)};
    EXPECT_EQ(people.Update(poses, {}, 0.0).value(), Ids{});
    EXPECT_EQ(poses.size(), 2U);
  }
}

TEST(PeopleOverTimeTest, KeepsTheIdsOfAFollower) {
  for (const bool track : {false, true}) {
    auto people = PeopleOverTime::Create({.track = track, .smooth = true}, IdSource::kFollower).value();
    std::vector<Pose> poses = {Square(0, 0.9F), Square(300, 0.9F), Square(600, 0.9F)};
    EXPECT_EQ(people.Update(poses, Ids{7, 0, 5}, 0.0).value(), (track ? Ids{7, 5} : Ids{}));
    EXPECT_EQ(poses.size(), track ? 2U : 3U);
  }
}

TEST(PeopleOverTimeTest, FollowsPeopleWhoAreTrackedAndRefined) {
  EXPECT_TRUE(FollowsPeople({.track = true}, /*is_refined=*/true));
  EXPECT_TRUE(FollowsPeople({.smooth = true}, /*is_refined=*/true));
  EXPECT_FALSE(FollowsPeople({}, /*is_refined=*/true));
  EXPECT_FALSE(FollowsPeople({.track = true}, /*is_refined=*/false));
  EXPECT_FALSE(FollowsPeople({.track = true, .propose_every = 1}, /*is_refined=*/true));
}

}  // namespace
}  // namespace posenet::app

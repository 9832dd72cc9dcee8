// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "posenet/movenet.h"

namespace posenet {
namespace {

void ExpectRegion(const SquareRegion& region, double left_px, double top_px, double side_px) {
  EXPECT_NEAR(region.left_px, left_px, 1e-3);
  EXPECT_NEAR(region.top_px, top_px, 1e-3);
  EXPECT_NEAR(region.side_px, side_px, 1e-3);
}

/// Hips at (300 +- 10, 250), shoulders 60 px above them, one ankle 100 px below; nothing else is confident.
Pose PersonAt300() {
  Pose pose;
  pose[Part::kLeftHip] = {.position_px = {.x = 310, .y = 250}, .score = 0.9F};
  pose[Part::kRightHip] = {.position_px = {.x = 290, .y = 250}, .score = 0.1F};
  pose[Part::kLeftShoulder] = {.position_px = {.x = 315, .y = 190}, .score = 0.9F};
  pose[Part::kRightShoulder] = {.position_px = {.x = 285, .y = 190}, .score = 0.9F};
  pose[Part::kLeftAnkle] = {.position_px = {.x = 305, .y = 350}, .score = 0.9F};
  pose[Part::kRightAnkle] = {.position_px = {.x = 600, .y = 470}, .score = 0.05F};
  return pose;
}

TEST(MoveNetCropTest, StartsWithTheCentralSquare) {
  ExpectRegion(MoveNetCrop().Region(640, 480), 80, 0, 480);
  ExpectRegion(MoveNetCrop().Region(300, 400), 0, 50, 300);
}

TEST(MoveNetCropTest, FollowsThePerson) {
  MoveNetCrop crop;
  crop.Update(PersonAt300(), 640, 480);
  // 1.2 times the 100 px to the ankle, which is more than 1.9 times the 60 px to the shoulders.
  ExpectRegion(crop.Region(640, 480), 300 - 120, 250 - 120, 240);
  Pose moved = PersonAt300();
  for (Keypoint& keypoint : moved.keypoints) keypoint.position_px.x += 10.0F;
  crop.Update(moved, 640, 480);
  ExpectRegion(crop.Region(640, 480), 300 - 120 + 9, 250 - 120, 240);
}

TEST(MoveNetCropTest, ShowsTheWholeImageIfTheTorsoIsHidden) {
  Pose pose = PersonAt300();
  pose[Part::kLeftHip].score = 0.2F;  // Not above the minimum.
  MoveNetCrop crop;
  crop.Update(pose, 640, 480);
  ExpectRegion(crop.Region(640, 480), 0, -80, 640);
  crop.Reset();
  ExpectRegion(crop.Region(640, 480), 80, 0, 480);
}

TEST(MoveNetCropTest, ShowsTheWholeImageForPeopleWhoFillIt) {
  Pose pose = PersonAt300();
  pose[Part::kLeftAnkle].position_px.y = 600.0F;
  MoveNetCrop crop;
  crop.Update(pose, 640, 480);
  ExpectRegion(crop.Region(640, 480), 0, -80, 640);
}

TEST(MoveNetCropTest, SurvivesPositionsThatAreNotFinite) {
  for (const float poison : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Pose pose = PersonAt300();
    for (Keypoint& keypoint : pose.keypoints) keypoint = {.position_px = {.x = poison, .y = poison}, .score = 1.0F};
    MoveNetCrop crop;
    crop.Update(pose, 640, 480);
    ExpectRegion(crop.Region(640, 480), 0, -80, 640);
  }
}

}  // namespace
}  // namespace posenet

// SPDX-License-Identifier: Apache-2.0
#include "human/person_crop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "human/testing/pose_maps.h"

namespace posenet::human {
namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

/// A standing person, rotated clockwise about (200, 150).
Pose PersonTurnedBy(double angle_rad) {
  const decode::Figure figure = decode::StandingFigure({.x = 200, .y = 150}, 1.0F);
  Pose pose = {.score = 0.5F};
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const double x = static_cast<double>(figure[i].x) - 200.0;
    const double y = static_cast<double>(figure[i].y) - 150.0;
    pose.keypoints[i] = {
        .position_px = {.x = static_cast<float>(200.0 + std::cos(angle_rad) * x - std::sin(angle_rad) * y),
                        .y = static_cast<float>(150.0 + std::sin(angle_rad) * x + std::cos(angle_rad) * y)},
        .score = 0.8F};
  }
  return pose;
}

TEST(PersonCropTest, MeasuresTheTilt) {
  for (const double degrees : {0.0, 30.0, -100.0, 170.0}) {
    const std::optional<double> tilt = TiltOf(PersonTurnedBy(degrees * kDegree), 0.3F);
    ASSERT_TRUE(tilt.has_value());
    EXPECT_NEAR(*tilt, degrees * kDegree, 1e-5);
  }
  Pose pose = PersonTurnedBy(1.0);
  pose[Part::kLeftHip].score = pose[Part::kRightHip].score = 0.1F;
  EXPECT_FALSE(TiltOf(pose, 0.3F).has_value());
}

TEST(PersonCropTest, SurroundsThePerson) {
  const PersonRefinerOptions options = {.crop_scale = 1.5};
  const Pose person = PersonTurnedBy(0.0);
  const auto crop = CropAround(person, options);
  ASSERT_TRUE(crop.has_value());
  EXPECT_EQ(crop->square.angle_rad, 0.0);
  double height_px = 0.0;
  for (const Keypoint& keypoint : person.keypoints) {
    height_px =
        std::max(height_px, 2.0 * std::abs(static_cast<double>(keypoint.position_px.y) - crop->square.center_y_px));
  }
  EXPECT_NEAR(crop->square.side_px, 1.5 * height_px, 1e-3);
  for (const Keypoint& keypoint : person.keypoints) {
    const Point norm = image::CropFromImage(crop->square, keypoint.position_px);
    EXPECT_GE(norm.x, 0.1F);
    EXPECT_LE(norm.x, 0.9F);
    EXPECT_GE(norm.y, 0.1F);
    EXPECT_LE(norm.y, 0.9F);
  }
}

TEST(PersonCropTest, TurnsPeopleUprightBeyondTheTolerance) {
  const PersonRefinerOptions options = {.max_tilt_deg = 90.0};
  EXPECT_EQ(CropAround(PersonTurnedBy(80.0 * kDegree), options)->square.angle_rad, 0.0);
  const auto upright = CropAround(PersonTurnedBy(0.0), options);
  const auto crop = CropAround(PersonTurnedBy(150.0 * kDegree), options);
  EXPECT_NEAR(crop->square.angle_rad, 150.0 * kDegree, 1e-5);
  EXPECT_NEAR(crop->square.side_px, upright->square.side_px, 1e-3);
  // In the crop, the person is where an upright one would be.
  for (const Part part : {Part::kNose, Part::kLeftWrist, Part::kRightAnkle}) {
    const Point turned = image::CropFromImage(crop->square, PersonTurnedBy(150.0 * kDegree)[part].position_px);
    const Point expected = image::CropFromImage(upright->square, PersonTurnedBy(0.0)[part].position_px);
    EXPECT_NEAR(turned.x, expected.x, 1e-4);
    EXPECT_NEAR(turned.y, expected.y, 1e-4);
  }
}

TEST(PersonCropTest, NeedsTwoConfidentKeypointsOfReasonableExtent) {
  Pose pose = PersonTurnedBy(0.0);
  for (Keypoint& keypoint : pose.keypoints) keypoint.score = 0.01F;
  EXPECT_FALSE(CropAround(pose, {}).has_value());
  pose[Part::kNose] = {.position_px = {.x = 10, .y = 10}, .score = 0.9F};
  EXPECT_FALSE(CropAround(pose, {}).has_value());
  pose[Part::kLeftEye] = {.position_px = {.x = 11, .y = 10}, .score = 0.9F};
  EXPECT_EQ(CropAround(pose, {})->square.side_px, 16.0);
  pose[Part::kLeftEye].position_px.x = 1e30F;
  EXPECT_FALSE(CropAround(pose, {}).has_value());
}

TEST(PersonCropTest, SaysWhichPartOfTheSquareShowsThePerson) {
  const auto standing = CropAround(PersonTurnedBy(0.0), {});
  EXPECT_NEAR(standing->height_norm, 1.0, 1e-6);
  EXPECT_LT(standing->width_norm, 0.7);
  const auto lying = CropAround(PersonTurnedBy(90.0 * kDegree), {.max_tilt_deg = 180.0});
  EXPECT_NEAR(lying->width_norm, 1.0, 1e-6);
  EXPECT_NEAR(lying->height_norm, standing->width_norm, 1e-5);
  // Rotated upright, a person stands.
  EXPECT_NEAR(CropAround(PersonTurnedBy(150.0 * kDegree), {})->width_norm, standing->width_norm, 1e-5);
}

TEST(PersonCropTest, MapsPositionsToTheInputAndBack) {
  const image::SquareCrop crop = {.center_x_px = 50, .center_y_px = 60, .side_px = 96, .angle_rad = 2.0};
  for (const image::Size input :
       {image::Size{.width_px = 192, .height_px = 192}, image::Size{.width_px = 128, .height_px = 192},
        image::Size{.width_px = 192, .height_px = 128}}) {
    const Pose person = PersonTurnedBy(0.3);
    Pose mapped = person;
    MapToCrop(crop, input, mapped);
    for (std::size_t i = 0; i < kPartCount; ++i) {
      // The middle of the input is the middle of the crop, at the scale of the longer side.
      const Point norm = image::CropFromImage(crop, person.keypoints[i].position_px);
      const Point input_px = mapped.keypoints[i].position_px;
      EXPECT_NEAR((input_px.x - 0.5F * static_cast<float>(input.width_px)) / 192.0F, norm.x - 0.5F, 1e-4);
      EXPECT_NEAR((input_px.y - 0.5F * static_cast<float>(input.height_px)) / 192.0F, norm.y - 0.5F, 1e-4);
    }
    MapFromCrop(crop, input, mapped);
    for (std::size_t i = 0; i < kPartCount; ++i) {
      EXPECT_NEAR(mapped.keypoints[i].position_px.x, person.keypoints[i].position_px.x, 1e-2);
      EXPECT_NEAR(mapped.keypoints[i].position_px.y, person.keypoints[i].position_px.y, 1e-2);
    }
  }
}

}  // namespace
}  // namespace posenet::human

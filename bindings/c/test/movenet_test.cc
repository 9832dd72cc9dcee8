// SPDX-License-Identifier: Apache-2.0
// The crop of the C interface is that of the C++ API.
#include "posenet/movenet.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "fixture.h"

namespace posenet::c {
namespace {

constexpr std::int32_t kWidth = 640;
constexpr std::int32_t kHeight = 480;

/// A person whose torso is 60 pixels high, with the hips at (x, 250) and all else hidden.
Pose PersonAt(float x) {
  Pose pose;
  for (const Part part : {Part::kLeftHip, Part::kRightHip}) {
    pose[part] = {.position_px = {.x = x, .y = 250.0F}, .score = 0.9F};
  }
  for (const Part part : {Part::kLeftShoulder, Part::kRightShoulder}) {
    pose[part] = {.position_px = {.x = x, .y = 190.0F}, .score = 0.9F};
  }
  return pose;
}

posenet_pose ToC(const Pose& pose) {
  posenet_pose given;
  static_assert(sizeof(given) == sizeof(pose));
  std::memcpy(&given, &pose, sizeof(given));
  return given;
}

class CMoveNetCropTest : public CTest {
 protected:
  void SetUp() override {
    posenet_movenet_crop* created = nullptr;
    ASSERT_EQ(posenet_movenet_crop_create(&created, error()), POSENET_OK) << message();
    crop_.reset(created);
  }

  void Update(const Pose& pose) {
    const posenet_pose given = ToC(pose);
    EXPECT_EQ(posenet_movenet_crop_update(crop_.get(), &given, kWidth, kHeight, error()), POSENET_OK) << message();
    cpp_crop_.Update(pose, kWidth, kHeight);
  }

  posenet_square_region Region(std::int32_t width = kWidth, std::int32_t height = kHeight) {
    posenet_square_region region = {};
    EXPECT_EQ(posenet_movenet_crop_get_region(crop_.get(), width, height, &region, error()), POSENET_OK) << message();
    return region;
  }

  void ExpectSameRegion() {
    const posenet_square_region region = Region();
    const SquareRegion expected = cpp_crop_.Region(kWidth, kHeight);
    EXPECT_EQ(region.left_px, expected.left_px);
    EXPECT_EQ(region.top_px, expected.top_px);
    EXPECT_EQ(region.side_px, expected.side_px);
  }

  MoveNetCropHandle crop_;
  MoveNetCrop cpp_crop_;
};

TEST_F(CMoveNetCropTest, FollowsAPersonLikeTheCppApi) {
  ExpectSameRegion();
  EXPECT_EQ(Region().side_px, kHeight);
  for (const float x : {300.0F, 310.0F, 330.0F}) {
    Update(PersonAt(x));
    ExpectSameRegion();
    EXPECT_LT(Region().side_px, kHeight);
  }
  Update(Pose());  // Nobody: the whole frame.
  ExpectSameRegion();
  posenet_movenet_crop_reset(crop_.get());
  cpp_crop_.Reset();
  ExpectSameRegion();
}

TEST_F(CMoveNetCropTest, PositionsThatAreNotFiniteAreHarmless) {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    posenet_movenet_crop_reset(crop_.get());
    cpp_crop_.Reset();
    Update(PersonAt(value));
    ExpectSameRegion();
    EXPECT_EQ(Region().side_px, kWidth);
  }
}

TEST_F(CMoveNetCropTest, InvalidArgumentsAreErrorsThatChangeNothing) {
  Update(PersonAt(300.0F));
  const posenet_pose pose = ToC(PersonAt(50.0F));
  posenet_square_region region = {.left_px = -7.0, .top_px = 0.0, .side_px = 0.0};
  constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
  for (const auto& [width, height] : {std::pair(0, 480), std::pair(640, -1), std::pair(kMin, kMin)}) {
    ExpectFailed(posenet_movenet_crop_get_region(crop_.get(), width, height, &region, error()),
                 POSENET_INVALID_ARGUMENT, "expected at least 1 x 1");
    ExpectFailed(posenet_movenet_crop_update(crop_.get(), &pose, width, height, error()), POSENET_INVALID_ARGUMENT,
                 "expected at least 1 x 1");
  }
  ExpectFailed(posenet_movenet_crop_get_region(nullptr, kWidth, kHeight, &region, error()), POSENET_INVALID_ARGUMENT,
               "crop is null");
  ExpectFailed(posenet_movenet_crop_get_region(crop_.get(), kWidth, kHeight, nullptr, error()),
               POSENET_INVALID_ARGUMENT, "region is null");
  ExpectFailed(posenet_movenet_crop_update(nullptr, &pose, kWidth, kHeight, error()), POSENET_INVALID_ARGUMENT,
               "crop is null");
  ExpectFailed(posenet_movenet_crop_update(crop_.get(), nullptr, kWidth, kHeight, error()), POSENET_INVALID_ARGUMENT,
               "pose is null");
  ExpectFailed(posenet_movenet_crop_create(nullptr, error()), POSENET_INVALID_ARGUMENT, "crop is null");
  posenet_movenet_crop_reset(nullptr);
  posenet_movenet_crop_destroy(nullptr);
  EXPECT_EQ(region.left_px, -7.0);
  ExpectSameRegion();
}

}  // namespace
}  // namespace posenet::c

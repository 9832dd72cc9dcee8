// SPDX-License-Identifier: Apache-2.0
#include "posenet/follow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "base/testing/matchers.h"
#include "human/body.h"
#include "human/follow_region.h"
#include "human/testing/estimators.h"
#include "human/testing/movenet_maps.h"
#include "image/image.h"
#include "image/size.h"
#include "image/testing/random_image.h"
#include "model/model_spec.h"
#include "posenet/movenet.h"
#include "posenet/refine.h"

namespace posenet {
namespace {

TEST(FollowRegionTest, SurroundsTheBoxInTheAspectRatioOfTheInput) {
  human::FollowRegion region(1.5, 2.0);
  region.Add({.min_x_px = 400, .min_y_px = 300, .max_x_px = 440, .max_y_px = 400});
  const PixelRegion found = region.RegionIn({1000, 1000});
  EXPECT_EQ(found.width_px, 300);
  EXPECT_EQ(found.height_px, 150);
  EXPECT_EQ(found.x_px, 270);
  EXPECT_EQ(found.y_px, 275);
}

TEST(FollowRegionTest, IsShiftedIntoTheImage) {
  human::FollowRegion region(2.0, 1.0);
  region.Add({.min_x_px = -20, .min_y_px = 430, .max_x_px = 30, .max_y_px = 530});
  const PixelRegion found = region.RegionIn({640, 480});
  EXPECT_EQ(found.x_px, 0);
  EXPECT_EQ(found.y_px, 280);
  EXPECT_EQ(found.width_px, 200);
  EXPECT_EQ(found.height_px, 200);
}

TEST(FollowRegionTest, IsInsideTheImage) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> any(-3000.0, 3000.0);
  for (int round = 0; round < 1000; ++round) {
    human::FollowRegion region(1.0 + round % 7, 0.25 + round % 5);
    const int width = 1 + static_cast<int>(random() % 700);
    const int height = 1 + static_cast<int>(random() % 700);
    for (int frame = 0; frame < 3; ++frame) {
      const double x = any(random);
      const double y = any(random);
      region.Add({.min_x_px = x, .min_y_px = y, .max_x_px = x + std::abs(any(random)), .max_y_px = y});
      const PixelRegion found = region.RegionIn({width, height});
      ASSERT_GE(found.x_px, 0);
      ASSERT_GE(found.y_px, 0);
      ASSERT_GE(found.width_px, 1);
      ASSERT_GE(found.height_px, 1);
      ASSERT_LE(found.x_px + found.width_px, width);
      ASSERT_LE(found.y_px + found.height_px, height);
    }
  }
}

TEST(SearchRegionsTest, ContainEverySmallPersonCompletely) {
  for (const auto& [width, height] : {std::pair(640, 480), {480, 640}, {1920, 1080}, {500, 500}, {2000, 300}}) {
    for (const double aspect : {1.0, 1.5, 0.75}) {
      const std::vector<PixelRegion> regions = human::SearchRegions({width, height}, aspect);
      ASSERT_FALSE(regions.empty());
      const int side = regions.front().height_px / 4;
      for (int y = 0; y + side <= height; y += 7) {
        for (int x = 0; x + side * aspect <= width; x += 7) {
          EXPECT_TRUE(std::any_of(regions.begin(), regions.end(),
                                  [&](const PixelRegion& region) {
                                    return x >= region.x_px && y >= region.y_px &&
                                           x + side * aspect <= region.x_px + region.width_px &&
                                           y + side <= region.y_px + region.height_px;
                                  }))
              << x << ", " << y << " of " << width << " x " << height;
        }
      }
      for (const PixelRegion& region : regions) {
        EXPECT_LE(region.x_px + region.width_px, width);
        EXPECT_LE(region.y_px + region.height_px, height);
      }
    }
  }
  EXPECT_EQ(human::SearchRegions({640, 480}, 1.0).size(), 6U);
  EXPECT_TRUE(human::SearchRegions({20, 20}, 1.0).empty());
}

TEST(FollowRegionTest, GrowsImmediatelyAndShrinksSlowly) {
  human::FollowRegion region(1.0, 1.0);
  const human::body::Box small = {.min_x_px = 450, .min_y_px = 450, .max_x_px = 550, .max_y_px = 550};
  const human::body::Box large = {.min_x_px = 400, .min_y_px = 400, .max_x_px = 600, .max_y_px = 600};
  region.Add(small);
  region.Add(large);
  EXPECT_EQ(region.RegionIn({1000, 1000}).height_px, 200);
  region.Add(small);
  EXPECT_GT(region.RegionIn({1000, 1000}).height_px, 150);
  for (int frame = 0; frame < 40; ++frame) region.Add(small);
  EXPECT_NEAR(region.RegionIn({1000, 1000}).height_px, 100, 1);
}

TEST(PixelRegionOfTest, RoundsAndMayExtendBeyondTheImage) {
  const PixelRegion inside = human::PixelRegionOf({.left_px = 10.4, .top_px = 20.6, .side_px = 50.2}, {200, 120});
  EXPECT_EQ(inside.x_px, 10);
  EXPECT_EQ(inside.y_px, 21);
  EXPECT_EQ(inside.width_px, 50);
  EXPECT_EQ(inside.height_px, 50);
  const PixelRegion beyond = human::PixelRegionOf({.left_px = -30.0, .top_px = 90.0, .side_px = 60.0}, {200, 120});
  EXPECT_EQ(beyond.x_px, -30);
  EXPECT_EQ(beyond.y_px, 90);
  EXPECT_EQ(beyond.height_px, 60);
  EXPECT_EQ(human::PixelRegionOf({.left_px = 0.0, .top_px = 0.0, .side_px = 0.1}, {200, 120}).width_px, 1);
}

TEST(PixelRegionOfTest, IsTheWholeImageIfThatIsInsideOrNarrow) {
  for (const auto& [region, size] :
       {std::pair<SquareRegion, image::Size>({.left_px = 0.0, .top_px = -40.0, .side_px = 200.0}, {200, 120}),
        std::pair<SquareRegion, image::Size>({.left_px = 0.0, .top_px = 0.0, .side_px = 10'000.0}, {1, 20'000})}) {
    const PixelRegion whole = human::PixelRegionOf(region, size);
    EXPECT_EQ(whole.x_px, 0);
    EXPECT_EQ(whole.y_px, 0);
    EXPECT_EQ(whole.width_px, size.width_px);
    EXPECT_EQ(whole.height_px, size.height_px);
  }
}

/// Uses a PoseNet with random weights, which detects meaningless but reproducible poses in noise.
class PersonFollowerTest : public ::testing::Test {
 protected:
  static PoseEstimator Estimator(Mirror mirror) {
    PoseEstimatorOptions options;
    options.input_width_px = options.input_height_px = 97;
    // Returns one pose as large as the image, which stays within the gate.
    options.decoder = PoseDecoder::kTfjsSingle;
    options.mirror = mirror;
    options.thread_count = 1;
    return human::CreateEstimator(model::MakeModel(human::RandomPoseNet()).value(), options);
  }

  static image::Image Noise(unsigned seed) { return image::RandomRgbImage(200, 120, seed); }

  image::Image image_ = Noise(3);
};

/// Accepts every pose.
constexpr PersonFollowerOptions kAcceptAll = {.min_pose_score = 0.0F, .min_keypoint_score = 0.0F};

TEST_F(PersonFollowerTest, ReturnsPositionsInTheWholeImage) {
  // The pose must be one that the estimator returns for the region that the follower announced.
  for (const Mirror mirror : {Mirror::kNone, Mirror::kHorizontal}) {
    const PoseEstimator estimator = Estimator(mirror);
    auto follower = PersonFollower::Create(estimator, kAcceptAll).value();
    EXPECT_FALSE(follower.region().has_value());
    int checked = 0;
    for (unsigned seed = 0; seed < 15; ++seed) {
      if (seed % 3 == 0) image_ = Noise(seed);
      const std::optional<PixelRegion> region = follower.region();
      const auto pose = follower.Estimate(image_.View()).value();
      ASSERT_TRUE(pose.has_value());
      if (!region.has_value() || !follower.region().has_value()) continue;
      const int source_x = mirror == Mirror::kHorizontal ? 200 - region->x_px - region->width_px : region->x_px;
      ImageView part = image_.View();
      part.row_stride_bytes = part.RowStrideBytes();
      part.data += region->y_px * part.row_stride_bytes + source_x * 3;
      part.width_px = region->width_px;
      part.height_px = region->height_px;
      const std::vector<Pose> expected = estimator.Estimate(part).value();
      for (const Pose& one : expected) {
        const Point nose = one[Part::kNose].position_px;
        const Point found = (*pose)[Part::kNose].position_px;
        if (one.score == pose->score && std::abs(nose.x + static_cast<float>(region->x_px) - found.x) < 1e-3F &&
            std::abs(nose.y + static_cast<float>(region->y_px) - found.y) < 1e-3F) {
          ++checked;
          break;
        }
      }
    }
    EXPECT_GE(checked, 3);
    follower.Reset();
    EXPECT_FALSE(follower.region().has_value());
  }
}

/// The poses of `estimator` in `region` of `image`, which is black outside, in pixels of `image`.
std::vector<Pose> EstimateRegion(const PoseEstimator& estimator, const image::Image& image, const PixelRegion& region) {
  image::Image part = {.width_px = region.width_px, .height_px = region.height_px, .rgb = {}};
  for (int y = region.y_px; y < region.y_px + region.height_px; ++y) {
    for (int x = region.x_px; x < region.x_px + region.width_px; ++x) {
      const bool is_inside = x >= 0 && y >= 0 && x < image.width_px && y < image.height_px;
      for (int c = 0; c < 3; ++c) {
        part.rgb.push_back(is_inside ? image.rgb[static_cast<std::size_t>((y * image.width_px + x) * 3 + c)] : 0);
      }
    }
  }
  std::vector<Pose> poses = estimator.Estimate(part.View()).value();
  for (Pose& pose : poses) {
    for (Keypoint& keypoint : pose.keypoints) {
      keypoint.position_px.x += static_cast<float>(region.x_px);
      keypoint.position_px.y += static_cast<float>(region.y_px);
    }
  }
  return poses;
}

PoseEstimator MoveNetEstimator(const model::LoadedModel& movenet) {
  PoseEstimatorOptions options;
  options.thread_count = 1;
  return human::CreateEstimator(model::MakeModel(movenet).value(), options);
}

TEST_F(PersonFollowerTest, FollowsWithTheCropOfMoveNetIfTheModelIsOne) {
  // Whatever the region, the person stands in its middle.
  const PoseEstimator estimator = MoveNetEstimator(human::StandingMoveNet());
  auto follower = PersonFollower::Create(estimator).value();
  MoveNetCrop crop;
  crop.Update(estimator.Estimate(image_.View()).value().front(), image_.width_px, image_.height_px);
  for (int frame = 0; frame < 5; ++frame) {
    const PixelRegion region =
        human::PixelRegionOf(crop.Region(image_.width_px, image_.height_px), image::SizeOf(image_.View()));
    const std::optional<Pose> pose = follower.Estimate(image_.View()).value();
    ASSERT_TRUE(pose.has_value());
    human::ExpectNearPoses({*pose}, EstimateRegion(estimator, image_, region));
    crop.Update(*pose, image_.width_px, image_.height_px);
  }
}

/// StandingMoveNet, except that scores depend slightly on the image.
model::LoadedModel SeeingMoveNet() {
  model::LoadedModel movenet = human::StandingMoveNet();
  const model::LoadedModel random = human::RandomMoveNet();
  const auto values = std::make_shared<std::vector<float>>();
  for (auto& [name, tensor] : movenet.weights) {
    if (!name.starts_with(model::kKeypointHeatmapOutput) || tensor.shape.size() == 1) continue;
    const auto bytes = random.weights.at(name).bytes;
    values->resize(bytes.size() / sizeof(float));
    std::memcpy(values->data(), bytes.data(), bytes.size());
    for (float& value : *values) value *= 0.05F;  // So that no other cell is better than that of StandingMoveNet.
    tensor.bytes = std::as_bytes(std::span(std::as_const(*values)));
  }
  movenet.storage =
      std::make_shared<std::pair<model::LoadedModel, std::shared_ptr<std::vector<float>>>>(movenet, values);
  return movenet;
}

TEST_F(PersonFollowerTest, RegionsOfMoveNetAreBlackBeyondTheImage) {
  const PoseEstimator estimator = MoveNetEstimator(SeeingMoveNet());
  auto follower = PersonFollower::Create(estimator).value();
  int checked = 0;
  for (unsigned frame = 0; frame < 30; ++frame) {
    // The region around the person of the whole image is higher than the image, and then shrinks.
    if (frame % 5 == 0) follower.Reset();
    image_ = Noise(frame);
    const std::optional<PixelRegion> region = follower.region();
    const std::optional<Pose> pose = follower.Estimate(image_.View()).value();
    ASSERT_TRUE(pose.has_value());
    if (!region) continue;
    human::ExpectNearPoses({*pose}, EstimateRegion(estimator, image_, *region));
    if (region->y_px < 0 && region->y_px + region->height_px > image_.height_px) ++checked;
  }
  EXPECT_GE(checked, 12);
}

TEST_F(PersonFollowerTest, RunsTheRefinerAloneOnceAPersonIsFound) {
  for (const Mirror mirror : {Mirror::kNone, Mirror::kHorizontal}) {
    PoseEstimatorOptions options;
    options.input_width_px = options.input_height_px = 97;
    options.decoder = PoseDecoder::kTfjsSingle;
    options.mirror = mirror;
    options.thread_count = 1;
    options.refiner = std::make_shared<const PersonRefiner>(
        PersonRefiner::Create(model::MakeModel(human::StandingMoveNet()).value(), {.thread_count = 1}).value());
    const PoseEstimator estimator = human::CreateEstimator(model::MakeModel(human::RandomPoseNet()).value(), options);
    auto follower = PersonFollower::Create(estimator, kAcceptAll).value();
    std::optional<Pose> last = follower.Estimate(image_.View()).value();
    ASSERT_TRUE(last.has_value());
    for (unsigned seed = 0; seed < 4; ++seed) {
      // PoseNet sees another person in every image of noise, but this MoveNet finds everybody where they were.
      image_ = Noise(seed);
      EXPECT_TRUE(follower.region().has_value());
      std::vector<Pose> expected = {*last};
      if (mirror == Mirror::kHorizontal) human::body::MirrorPoses(image_.width_px, expected);
      ASSERT_THAT(options.refiner->Refine(image_.View(), expected), base::Succeeds());
      if (mirror == Mirror::kHorizontal) human::body::MirrorPoses(image_.width_px, expected);
      last = follower.Estimate(image_.View()).value();
      ASSERT_TRUE(last.has_value());
      human::ExpectNearPoses({*last}, expected);
    }
  }
}

TEST_F(PersonFollowerTest, ReturnsNothingWithoutAPerson) {
  const PoseEstimator estimator = Estimator(Mirror::kNone);
  auto follower = PersonFollower::Create(estimator, {.min_pose_score = 1.0F}).value();
  EXPECT_FALSE(follower.Estimate(image_.View()).value().has_value());
  EXPECT_FALSE(follower.region().has_value());
}

TEST_F(PersonFollowerTest, StartsAgainWhenTheFrameSizeChanges) {
  const PoseEstimator estimator = Estimator(Mirror::kNone);
  auto follower = PersonFollower::Create(estimator, kAcceptAll).value();
  ASSERT_TRUE(follower.Estimate(image_.View()).value().has_value());
  ImageView smaller = image_.View();
  smaller.row_stride_bytes = smaller.RowStrideBytes();
  smaller.width_px = 40;
  smaller.height_px = 30;
  const auto pose = follower.Estimate(smaller).value();
  auto fresh = PersonFollower::Create(estimator, kAcceptAll).value();
  const auto expected = fresh.Estimate(smaller).value();
  ASSERT_EQ(pose.has_value(), expected.has_value());
  EXPECT_EQ(pose.value_or(Pose{}).score, expected.value_or(Pose{}).score);
}

TEST_F(PersonFollowerTest, RejectsInvalidViewsAndOptions) {
  const PoseEstimator estimator = Estimator(Mirror::kNone);
  auto follower = PersonFollower::Create(estimator).value();
  EXPECT_THAT(follower.Estimate({}), base::FailsWith(ErrorCode::kInvalidArgument, "data is null"));
  EXPECT_THAT(PersonFollower::Create(estimator, {.region_scale = 0.9}),
              base::FailsWith(ErrorCode::kInvalidArgument, "region_scale is 0.9; expected 1 to 10"));
  EXPECT_THAT(PersonFollower::Create(estimator, {.min_pose_score = 2.0F}),
              base::FailsWith(ErrorCode::kInvalidArgument, "min_pose_score is 2"));
  EXPECT_THAT(PersonFollower::Create(estimator, {.min_keypoint_score = -1.0F}),
              base::FailsWith(ErrorCode::kInvalidArgument, "min_keypoint_score is -1"));
}

}  // namespace
}  // namespace posenet

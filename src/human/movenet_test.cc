// SPDX-License-Identifier: Apache-2.0
// Tests the decoders of MoveNet.
#include "posenet/movenet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

#include "base/testing/matchers.h"
#include "human/decode_maps.h"
#include "human/movenet_decoders.h"
#include "human/testing/movenet_maps.h"

namespace posenet::human {
namespace {

using decode::Figure;
using decode::MaxDistancePx;
using decode::StandingFigure;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Random maps: logits in [-6, 2], vectors of up to 12 cells along each axis.
MoveNetTestMaps RandomMaps(int height, int width, unsigned seed) {
  MoveNetTestMaps maps(height, width);
  std::mt19937 random(seed);
  const auto fill = [&random](std::vector<float>& map, float min, float max) {
    std::uniform_real_distribution<float> value(min, max);
    for (float& v : map) v = value(random);
  };
  fill(maps.center, -6.0F, 2.0F);
  fill(maps.heatmap, -6.0F, 2.0F);
  fill(maps.regression, -12.0F, 12.0F);
  fill(maps.offset, -1.0F, 1.0F);
  fill(maps.box_offset, -2.0F, 2.0F);
  fill(maps.box_scale, -1.0F, 20.0F);
  return maps;
}

float Sigmoid(float logit) { return 1.0F / (1.0F + std::exp(-logit)); }

/// The graph of Lightning and Thunder, operation by operation, over whole maps.
Pose ReferenceSingle(const MoveNetTestMaps& maps) {
  const int height = maps.maps.height;
  const int width = maps.maps.width;
  const auto best_cell = [&](auto score) {
    int best = 0;
    for (int i = 1; i < height * width; ++i) {
      if (score(i) > score(best)) best = i;
    }
    return best;
  };
  const auto distance = [&](int cell, float y, float x) {
    const float dy = static_cast<float>(cell / width) - y;
    const float dx = static_cast<float>(cell % width) - x;
    return std::sqrt(dy * dy + dx * dx);
  };
  const int center = best_cell([&](int i) {
    return Sigmoid(maps.center[static_cast<std::size_t>(i)]) /
           (distance(i, 0.5F * static_cast<float>(height), 0.5F * static_cast<float>(width)) + 1.7998046875F);
  });
  Pose pose;
  for (int part = 0; part < kPartCount; ++part) {
    const auto vector = static_cast<std::size_t>(center * 34 + 2 * part);
    const float y = static_cast<float>(center / width) + maps.regression[vector];
    const float x = static_cast<float>(center % width) + maps.regression[vector + 1];
    const auto heat = [&](int i) { return Sigmoid(maps.heatmap[static_cast<std::size_t>(i * 17 + part)]); };
    const int cell = best_cell([&](int i) { return heat(i) / (distance(i, y, x) + 1.7998046875F); });
    const auto offset = static_cast<std::size_t>(cell * 34 + 2 * part);
    pose.keypoints[static_cast<std::size_t>(part)] = {
        .position_px = {.x = 4.0F * (static_cast<float>(cell % width) + maps.offset[offset + 1]),
                        .y = 4.0F * (static_cast<float>(cell / width) + maps.offset[offset])},
        .score = heat(cell)};
  }
  return pose;
}

void ExpectSameKeypoints(const Pose& pose, const Pose& expected) {
  for (std::size_t i = 0; i < kPartCount; ++i) {
    EXPECT_FLOAT_EQ(pose.keypoints[i].position_px.x, expected.keypoints[i].position_px.x) << i;
    EXPECT_FLOAT_EQ(pose.keypoints[i].position_px.y, expected.keypoints[i].position_px.y) << i;
    EXPECT_FLOAT_EQ(pose.keypoints[i].score, expected.keypoints[i].score) << i;
  }
}

TEST(DecodeMoveNetSingleTest, FindsThePerson) {
  const Figure person = StandingFigure({.x = 90, .y = 100}, 1.0F);
  MoveNetTestMaps maps(48, 48);
  maps.AddPerson(person, 3.0F);
  const Pose pose = DecodeMoveNetSingle(maps.View()).value();
  EXPECT_LT(MaxDistancePx(pose, person), 1e-3F);
  EXPECT_FLOAT_EQ(pose.score, Sigmoid(3.0F));
}

TEST(DecodeMoveNetSingleTest, EqualsTheGraphOnRandomMaps) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const MoveNetTestMaps maps = RandomMaps(13, 17, seed);
    ExpectSameKeypoints(DecodeMoveNetSingle(maps.View()).value(), ReferenceSingle(maps));
  }
}

TEST(DecodeMoveNetSingleTest, PrefersThePersonInTheMiddle) {
  const Figure middle = StandingFigure({.x = 96, .y = 96}, 0.5F);
  const Figure corner = StandingFigure({.x = 170, .y = 130}, 0.5F);
  MoveNetTestMaps maps(48, 48);
  maps.AddPerson(corner, 4.0F);
  maps.AddPerson(middle, 2.0F);
  EXPECT_LT(MaxDistancePx(DecodeMoveNetSingle(maps.View()).value(), middle), 1e-3F);
}

TEST(DecodeMoveNetSingleTest, ScoresThePoseByItsConfidentKeypoints) {
  MoveNetTestMaps maps(4, 4);
  EXPECT_EQ(DecodeMoveNetSingle(maps.View()).value().score, 0.0F);
  maps.Heat(1, 1, Part::kNose) = 0.0F;
  maps.Heat(1, 1, Part::kLeftEye) = -1.5F;  // 0.18: not confident.
  maps.Heat(2, 1, Part::kLeftEar) = 10.0F;
  EXPECT_FLOAT_EQ(DecodeMoveNetSingle(maps.View()).value().score, 0.5F * (0.5F + Sigmoid(10.0F)));
}

Pose PoseOf(const Figure& figure, float score) {
  Pose pose;
  for (std::size_t i = 0; i < kPartCount; ++i) pose.keypoints[i] = {.position_px = figure[i], .score = score};
  return pose;
}

TEST(DecodeMoveNetPersonTest, FindsThePersonWhoIsExpected) {
  const std::vector<Figure> people = {StandingFigure({.x = 110, .y = 110}, 1.0F),
                                      StandingFigure({.x = 150, .y = 118}, 1.0F)};
  MoveNetTestMaps maps(64, 64);
  maps.AddPerson(people[0], 2.0F);
  maps.AddPerson(people[1], 4.0F);
  for (const Figure& person : people) {
    // A rough proposal, with a wrist on the neighbor's side that does not count.
    Pose expected = PoseOf(StandingFigure({.x = person[0].x + 4, .y = person[0].y - 6}, 0.9F), 0.6F);
    const float dx = person[5].x - expected.keypoints[5].position_px.x;
    const float dy = person[5].y - expected.keypoints[5].position_px.y;
    for (Keypoint& keypoint : expected.keypoints) {
      keypoint.position_px = {.x = keypoint.position_px.x + dx + 3, .y = keypoint.position_px.y + dy - 3};
    }
    expected[Part::kLeftWrist] = {.position_px = {.x = 250, .y = 10}, .score = 0.01F};
    const Pose pose = decode::DecodeMoveNetPerson(maps.View(), expected, 0.05F).value();
    EXPECT_LT(MaxDistancePx(pose, person), 1e-3F);
    EXPECT_GT(pose.score, 0.8F);
  }
}

TEST(DecodeMoveNetPersonTest, FindsThePersonInTheMiddleIfNobodyIsProbable) {
  MoveNetTestMaps maps = RandomMaps(12, 16, 5);
  std::fill(maps.center.begin(), maps.center.end(), -6.0F);
  maps.Center(3, 4) = -4.0F;
  const Pose expected = PoseOf(StandingFigure({.x = 40, .y = 30}, 0.2F), 0.5F);
  ExpectSameKeypoints(decode::DecodeMoveNetPerson(maps.View(), expected, 0.05F).value(),
                      DecodeMoveNetSingle(maps.View()).value());
}

TEST(DecodeMoveNetMultipleTest, FindsEveryPersonAndTheirBoxes) {
  const std::vector<Figure> people = {StandingFigure({.x = 60, .y = 100}, 0.9F),
                                      StandingFigure({.x = 190, .y = 120}, 1.1F)};
  MoveNetTestMaps maps(64, 64);
  maps.AddPerson(people[0], 2.0F);
  maps.AddPerson(people[1], 4.0F);
  const std::vector<BoxedPose> found = DecodeMoveNetMultiple(maps.View()).value();
  ASSERT_EQ(found.size(), 2U);
  // In descending order of the center's score.
  EXPECT_LT(MaxDistancePx(found[0].pose, people[1]), 1e-3F);
  EXPECT_LT(MaxDistancePx(found[1].pose, people[0]), 1e-3F);
  // The margin of AddPerson is 1.5 cells on each side.
  float top = 1e9F;
  for (const Point& point : people[1]) top = std::min(top, point.y);
  EXPECT_NEAR(found[0].box_px.min_y_px, top - 6.0F, 1e-3F);
  EXPECT_GT(found[0].pose.score, 0.8F);
  EXPECT_TRUE(decode::IsValid(found[0].pose));
}

TEST(DecodeMoveNetMultipleTest, KeepsNeighborsApart) {
  // Their boxes overlap: each keypoint goes to where the center expects it.
  const std::vector<Figure> people = {StandingFigure({.x = 110, .y = 110}, 1.0F),
                                      StandingFigure({.x = 142, .y = 118}, 1.0F)};
  MoveNetTestMaps maps(64, 64);
  for (const Figure& person : people) maps.AddPerson(person, 3.0F);
  const std::vector<BoxedPose> found = DecodeMoveNetMultiple(maps.View()).value();
  ASSERT_EQ(found.size(), 2U);
  for (const Figure& person : people) {
    EXPECT_LT(std::min(MaxDistancePx(found[0].pose, person), MaxDistancePx(found[1].pose, person)), 1e-3F);
  }
}

TEST(DecodeMoveNetMultipleTest, LimitsPosesAndScores) {
  MoveNetTestMaps maps(64, 64);
  for (int i = 0; i < 8; ++i) {
    maps.AddPerson(StandingFigure({.x = 30.0F + 28.0F * static_cast<float>(i), .y = 128}, 0.25F), 3.0F);
  }
  EXPECT_EQ(DecodeMoveNetMultiple(maps.View()).value().size(), 6U);
  EXPECT_EQ(DecodeMoveNetMultiple(maps.View(), {.max_poses = 20}).value().size(), 8U);
  EXPECT_EQ(DecodeMoveNetMultiple(maps.View(), {.max_poses = 20, .score_threshold = 1.0F}).value().size(), 0U);
}

TEST(DecodeMoveNetTest, SurvivesHostileMaps) {
  for (const float poison : {kNaN, kInfinity, -kInfinity, 1e30F, -1e30F}) {
    for (int which = 0; which < 6; ++which) {
      MoveNetTestMaps maps = RandomMaps(9, 8, 3);
      std::vector<float>* const all[] = {&maps.center, &maps.heatmap,    &maps.regression,
                                         &maps.offset, &maps.box_offset, &maps.box_scale};
      std::fill(all[which]->begin(), all[which]->end(), poison);
      EXPECT_TRUE(decode::IsValid(DecodeMoveNetSingle(maps.View()).value()));
      const Pose expected = PoseOf(StandingFigure({.x = 16, .y = 16}, 0.2F), 0.5F);
      EXPECT_TRUE(decode::IsValid(decode::DecodeMoveNetPerson(maps.View(), expected, 0.05F).value()));
      const auto people = DecodeMoveNetMultiple(maps.View(), {.max_poses = 6, .score_threshold = 0.0F}).value();
      for (const BoxedPose& person : people) {
        EXPECT_TRUE(decode::IsValid(person.pose));
        EXPECT_TRUE(std::isfinite(person.box_px.min_x_px) && std::isfinite(person.box_px.max_y_px));
      }
    }
  }
}

TEST(DecodeMoveNetTest, RejectsMissingMapsAndInvalidSizes) {
  const MoveNetTestMaps maps(4, 4);
  const auto fails = [](const MoveNetMaps& view, const char* message) {
    EXPECT_THAT(DecodeMoveNetMultiple(view), base::FailsWith(ErrorCode::kInvalidArgument, message));
  };
  MoveNetMaps view = maps.View();
  view.center.data = nullptr;
  fails(view, "center is null");
  EXPECT_THAT(DecodeMoveNetSingle(view), base::FailsWith(ErrorCode::kInvalidArgument, "center is null"));
  view = maps.View();
  view.width = 0;
  fails(view, "4x0 cells");
  view = maps.View();
  view.box_scale = {};
  fails(view, "box_scale is null");
  EXPECT_TRUE(DecodeMoveNetSingle(view).has_value());
  view = maps.View();
  view.keypoint_offset.pixel_stride = 33;
  fails(view, "keypoint_offset has a pixel_stride of 33");
  EXPECT_THAT(DecodeMoveNetMultiple(maps.View(), {.max_poses = 0}),
              base::FailsWith(ErrorCode::kInvalidArgument, "max_poses is 0"));
}

TEST(DecodeMoveNetTest, ReadsMapsInsideWiderTensors) {
  MoveNetTestMaps maps = RandomMaps(7, 9, 4);
  std::vector<float> wide(maps.center.size() * 3, 5.0F);
  for (std::size_t i = 0; i < maps.center.size(); ++i) wide[3 * i] = maps.center[i];
  MoveNetMaps view = maps.View();
  view.center = {.data = wide.data(), .pixel_stride = 3};
  ExpectSameKeypoints(DecodeMoveNetSingle(view).value(), DecodeMoveNetSingle(maps.View()).value());
}

}  // namespace
}  // namespace posenet::human

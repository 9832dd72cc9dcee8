// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "base/testing/matchers.h"
#include "human/one_euro.h"
#include "posenet/track.h"

namespace posenet {
namespace {

/// A pose with all keypoints at the corners of a square of `size_px` whose top left corner is (x, y).
Pose Square(double x, double y, double size_px = 100.0, float score = 0.9F) {
  Pose pose = {.score = score};
  for (std::size_t i = 0; i < kPartCount; ++i) {
    pose.keypoints[i] = {.position_px = {.x = static_cast<float>(x + (i % 2 == 1 ? size_px : 0.0)),
                                         .y = static_cast<float>(y + (i % 4 >= 2 ? size_px : 0.0))},
                         .score = score};
  }
  return pose;
}

Pose WithNoise(Pose pose, double deviation_px, std::mt19937& random) {
  std::normal_distribution<float> noise(0.0F, static_cast<float>(deviation_px));
  for (Keypoint& keypoint : pose.keypoints) {
    keypoint.position_px.x += noise(random);
    keypoint.position_px.y += noise(random);
  }
  return pose;
}

Pose SmoothOne(PoseSmoother& smoother, Pose pose, double time_s, std::int64_t id = 1) {
  const Result<void> smoothed = smoother.Smooth({&pose, 1}, {&id, 1}, time_s);
  EXPECT_THAT(smoothed, base::Succeeds());
  return pose;
}

TEST(OneEuroFilterTest, MatchesTheGainOfThePaper) {
  // With beta 0 and equal weights: converges to a first-order filter.
  const PoseSmootherOptions options = {.min_cutoff_hz = 1.5, .beta = 0.0};
  human::smoothing::OneEuroFilter filter(options);
  for (int i = 0; i < 500; ++i) filter.Add(0.0, 0.0, 0.7, 100.0, 0.04);
  const double alpha = 1.0 / (1.0 + 1.0 / (2.0 * M_PI * 1.5) / 0.04);
  double expected = 0.0;
  for (int i = 0; i < 5; ++i) {
    filter.Add(10.0, -20.0, 0.7, 100.0, 0.04);
    expected += alpha * (10.0 - expected);
    EXPECT_NEAR(filter.x(), expected, 1e-9);
    EXPECT_NEAR(filter.y(), -2.0 * expected, 1e-9);
  }
}

TEST(OneEuroFilterTest, StartsAsAnArithmeticMean) {
  human::smoothing::OneEuroFilter filter({.min_cutoff_hz = 1e-9, .beta = 0.0});
  filter.Add(1.0, 0.0, 1.0, 100.0, 0.0);
  EXPECT_EQ(filter.x(), 1.0);
  filter.Add(2.0, 0.0, 1.0, 100.0, 0.03);
  EXPECT_NEAR(filter.x(), 1.5, 1e-6);
  filter.Add(6.0, 0.0, 1.0, 100.0, 0.03);
  EXPECT_NEAR(filter.x(), 3.0, 1e-6);
}

TEST(OneEuroFilterTest, IncreasesTheCutoffWithSpeed) {
  // Uniform motion at 2 sizes per second: the lag of a first-order filter is tau = 1 / (2 pi (min + beta speed)).
  human::smoothing::OneEuroFilter filter({.min_cutoff_hz = 1.0, .beta = 3.0, .noise = 0.0});
  double x = 0.0;
  for (int i = 0; i < 2000; ++i) {
    x += 200.0 * 0.001;
    filter.Add(x, 0.0, 1.0, 100.0, 0.001);
  }
  EXPECT_NEAR((x - filter.x()) / 200.0, 1.0 / (2.0 * M_PI * 7.0), 1e-3);
}

TEST(PoseSmootherTest, ReducesTheNoiseOfAStillPerson) {
  for (const double fps : {10.0, 15.0, 30.0, 60.0}) {
    for (const double noise_px : {0.5, 1.0, 2.0}) {
      std::mt19937 random(1);
      auto smoother = PoseSmoother::Create().value();
      double before = 0.0;
      double after = 0.0;
      for (int frame = 0; frame < 300; ++frame) {
        const Pose pose = WithNoise(Square(50, 60), noise_px, random);
        const Pose smooth = SmoothOne(smoother, pose, frame / fps);
        for (std::size_t i = 0; i < kPartCount; ++i) {
          const Point truth = Square(50, 60).keypoints[i].position_px;
          before += std::pow(static_cast<double>(pose.keypoints[i].position_px.x - truth.x), 2);
          after += std::pow(static_cast<double>(smooth.keypoints[i].position_px.x - truth.x), 2);
        }
      }
      EXPECT_LT(std::sqrt(after / before), 0.4) << fps << " fps, noise of " << noise_px;
    }
  }
}

TEST(PoseSmootherTest, LagsAWalkerByLessThanAFrame) {
  for (const double fps : {10.0, 15.0, 30.0, 60.0}) {
    for (const double noise_px : {0.0, 0.5, 1.0, 2.0}) {
      std::mt19937 random(1);
      auto smoother = PoseSmoother::Create().value();
      // 1.4 m/s at 100 px per meter.
      double lag_px = 0.0;
      int frames = 0;
      for (int frame = 0; frame < 10 * fps; ++frame) {
        const double x = 140.0 * frame / fps;
        const Pose smooth = SmoothOne(smoother, WithNoise(Square(x, 60), noise_px, random), frame / fps);
        if (frame < fps) continue;
        lag_px += x - static_cast<double>(smooth.keypoints[0].position_px.x);
        ++frames;
      }
      EXPECT_LT(lag_px / frames, 140.0 / fps) << fps << " fps, noise of " << noise_px;
    }
  }
}

TEST(PoseSmootherTest, FollowsUniformMotionAtIrregularTimes) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> step(0.005, 0.3);
  auto smoother = PoseSmoother::Create().value();
  double time_s = 0.0;
  for (int frame = 0; frame < 200; ++frame) {
    time_s += step(random);
    const double x = 50.0 + 140.0 * time_s;
    const Pose smooth = SmoothOne(smoother, Square(x, 60), time_s);
    if (frame <= 10) continue;
    EXPECT_NEAR(static_cast<double>(smooth.keypoints[0].position_px.x), x, 5.0) << frame;
  }
}

TEST(PoseSmootherTest, WeightsSamplesByScore) {
  const auto moved = [](float score) {
    auto smoother = PoseSmoother::Create().value();
    for (int frame = 0; frame < 30; ++frame) SmoothOne(smoother, Square(50, 60), frame / 30.0);
    Pose pose = Square(50, 60);
    pose[Part::kLeftWrist] = {.position_px = {.x = pose[Part::kLeftWrist].position_px.x + 30.0F}, .score = score};
    const float before = Square(50, 60)[Part::kLeftWrist].position_px.x;
    return SmoothOne(smoother, pose, 1.0)[Part::kLeftWrist].position_px.x - before;
  };
  EXPECT_LT(moved(0.1F), 1.0F);
  EXPECT_LT(moved(0.1F), 0.2F * moved(0.9F));
  EXPECT_LT(moved(0.5F), moved(0.9F));
}

TEST(PoseSmootherTest, RecoversAfterLowScores) {
  auto smoother = PoseSmoother::Create().value();
  double time_s = 0.0;
  const auto smooth = [&](double x, float score) {
    time_s += 1.0 / 30.0;
    return static_cast<double>(SmoothOne(smoother, Square(x, 60, 100.0, score), time_s).keypoints[0].position_px.x);
  };
  for (int frame = 0; frame < 30; ++frame) smooth(50, 0.9F);
  for (int frame = 0; frame < 30; ++frame) smooth(90, 0.1F);
  smooth(50, 0.9F);
  EXPECT_NEAR(smooth(50, 0.9F), 50.0, 4.0);
}

TEST(PoseSmootherTest, LeavesScoresAndOtherPeopleUnchanged) {
  auto smoother = PoseSmoother::Create().value();
  std::vector<Pose> poses = {Square(0, 0), Square(500, 0, 50, 0.4F)};
  for (int frame = 0; frame < 10; ++frame) {
    std::vector<std::int64_t> ids = {3, 8};
    std::vector<Pose> now = poses;
    if (frame % 2 == 1) {
      std::swap(now[0], now[1]);
      std::swap(ids[0], ids[1]);
    }
    const std::vector<Pose> before = now;
    ASSERT_THAT(smoother.Smooth(now, ids, frame * 0.1), base::Succeeds());
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(now[i].score, before[i].score);
      for (std::size_t part = 0; part < kPartCount; ++part) {
        EXPECT_EQ(now[i].keypoints[part].score, before[i].keypoints[part].score);
        EXPECT_NEAR(now[i].keypoints[part].position_px.x, before[i].keypoints[part].position_px.x, 1e-3F);
      }
    }
  }
}

TEST(PoseSmootherTest, LeavesUnassignedPosesUnchanged) {
  auto smoother = PoseSmoother::Create().value();
  for (int frame = 0; frame < 5; ++frame) {
    const std::vector<Pose> input(3, Square(100.0 + 10.0 * (frame % 2), 50));
    std::vector<Pose> poses = input;
    ASSERT_THAT(smoother.Smooth(poses, std::vector<std::int64_t>{0, 7, 0}, frame / 30.0), base::Succeeds());
    for (const std::size_t i : {0U, 2U}) {
      EXPECT_EQ(poses[i][Part::kNose].position_px.x, input[i][Part::kNose].position_px.x) << frame;
    }
    EXPECT_EQ(poses[1][Part::kNose].position_px.x != input[1][Part::kNose].position_px.x, frame > 0) << frame;
  }
}

TEST(PoseSmootherTest, ResetsAfterMaxAge) {
  auto smoother = PoseSmoother::Create({.max_age_ms = 500.0}).value();
  for (int frame = 0; frame < 10; ++frame) SmoothOne(smoother, Square(0, 0), frame * 0.1);
  EXPECT_EQ(SmoothOne(smoother, Square(70, 0), 0.9 + 0.51).keypoints[0].position_px.x, 70.0F);
  EXPECT_EQ(SmoothOne(smoother, Square(30, 0), 1.42, 2).keypoints[0].position_px.x, 30.0F) << "another person";
  smoother.Reset();
  EXPECT_EQ(SmoothOne(smoother, Square(90, 0), 0.0).keypoints[0].position_px.x, 90.0F);
}

TEST(PoseSmootherTest, SmoothsLittleWithTfjsParameters) {
  std::mt19937 random(1);
  auto smoother = PoseSmoother::Create(kTfjsSmoothing).value();
  double before = 0.0;
  double after = 0.0;
  for (int frame = 0; frame < 300; ++frame) {
    const Pose pose = WithNoise(Square(50, 60), 1.0, random);
    const Pose smooth = SmoothOne(smoother, pose, frame / 30.0);
    before += std::pow(static_cast<double>(pose.keypoints[0].position_px.x) - 50.0, 2);
    after += std::pow(static_cast<double>(smooth.keypoints[0].position_px.x) - 50.0, 2);
  }
  EXPECT_GT(std::sqrt(after / before), 0.6);
}

TEST(PoseSmootherTest, RejectsInvalidInputWithoutChange) {
  auto smoother = PoseSmoother::Create().value();
  SmoothOne(smoother, Square(0, 0), 1.0);
  std::vector<Pose> poses = {Square(5, 5), Square(50, 5)};
  EXPECT_THAT(smoother.Smooth(poses, std::vector<std::int64_t>{1}, 1.1),
              base::FailsWith(ErrorCode::kInvalidArgument, "got 1 ids; expected one for each of 2 poses"));
  EXPECT_THAT(smoother.Smooth(poses, std::vector<std::int64_t>{4, 4}, 1.1),
              base::FailsWith(ErrorCode::kInvalidArgument, "id 4 occurs twice"));
  EXPECT_THAT(smoother.Smooth(poses, std::vector<std::int64_t>{1, 2}, 0.9),
              base::FailsWith(ErrorCode::kInvalidArgument, "time_s is 0.9"));
  EXPECT_EQ(poses[0].keypoints[0].position_px.x, 5.0F);
  poses[1][Part::kNose].score = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(smoother.Smooth(poses, std::vector<std::int64_t>{1, 2}, 1.1),
              base::FailsWith(ErrorCode::kInvalidArgument, "poses[1]: the nose"));
  EXPECT_EQ(poses[0].keypoints[0].position_px.x, 5.0F);
  EXPECT_EQ(SmoothOne(smoother, Square(0, 0), 1.0).keypoints[0].position_px.x, 0.0F) << "the same time is not an error";
}

TEST(PoseSmootherTest, RejectsOptionsOutOfRange) {
  EXPECT_THAT(PoseSmoother::Create({.min_cutoff_hz = 0.0}),
              base::FailsWith(ErrorCode::kInvalidArgument, "min_cutoff_hz is 0; expected more than 0"));
  EXPECT_THAT(PoseSmoother::Create({.beta = -1.0}), base::FailsWith(ErrorCode::kInvalidArgument, "beta is -1"));
  EXPECT_THAT(PoseSmoother::Create({.derivative_cutoff_hz = std::numeric_limits<double>::infinity()}),
              base::FailsWith(ErrorCode::kInvalidArgument, "derivative_cutoff_hz"));
  EXPECT_THAT(PoseSmoother::Create({.noise = std::numeric_limits<double>::quiet_NaN()}),
              base::FailsWith(ErrorCode::kInvalidArgument, "noise"));
  EXPECT_THAT(PoseSmoother::Create({.max_age_ms = 0.0}), base::FailsWith(ErrorCode::kInvalidArgument, "max_age_ms"));
}

}  // namespace
}  // namespace posenet

// SPDX-License-Identifier: Apache-2.0
#include "track/smoothing.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "human/body.h"
#include "track/walkers.h"

namespace posenet::bench {
namespace {

constexpr double kMeterPx = 200.0 / 1.55;  // 200 px from the nose to the ankles.
constexpr Point kStart = {.x = 320.0F, .y = 240.0F};

double SquaredDistance(const Pose& a, const Pose& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const double x = static_cast<double>(a.keypoints[i].position_px.x - b.keypoints[i].position_px.x);
    const double y = static_cast<double>(a.keypoints[i].position_px.y - b.keypoints[i].position_px.y);
    sum += x * x + y * y;
  }
  return sum;
}

struct Videos {
  std::vector<Pose> truth;
  std::vector<Pose> detected;
  std::vector<Pose> smooth;
};

Videos Smooth(const PoseSmootherOptions& options, const SmoothingTrial& trial, double speed_m_s) {
  PoseSmoother smoother = PoseSmoother::Create(options).value();
  std::mt19937 random(trial.seed);
  const double size_px = human::body::SizeOf(human::body::BoxOf(WalkerAt(0.0, 0.0, kStart, kMeterPx), 0.0F));
  std::normal_distribution<double> noise(0.0, trial.noise * size_px);
  std::uniform_real_distribution<double> score(0.7, 1.0);
  Videos videos;
  const int frames = static_cast<int>(trial.seconds * trial.fps);
  for (int i = 0; i < frames; ++i) {
    const Pose truth = WalkerAt(i / trial.fps, speed_m_s, kStart, kMeterPx);
    Pose pose = truth;
    for (Keypoint& keypoint : pose.keypoints) {
      keypoint.position_px.x += static_cast<float>(noise(random));
      keypoint.position_px.y += static_cast<float>(noise(random));
      keypoint.score = static_cast<float>(score(random));
    }
    videos.truth.push_back(truth);
    videos.detected.push_back(pose);
    const std::int64_t id = 1;
    static_cast<void>(smoother.Smooth({&pose, 1}, {&id, 1}, i / trial.fps));  // Cannot fail: the input is valid.
    videos.smooth.push_back(pose);
  }
  return videos;
}

/// The sum of the squared distances between each of `others` and the pose `later` frames after it.
double SumOfSquares(const std::vector<Pose>& poses, const std::vector<Pose>& others, std::size_t later) {
  double sum = 0.0;
  for (std::size_t i = 0; i + later < poses.size(); ++i) sum += SquaredDistance(poses[i + later], others[i]);
  return sum;
}

/// The delay of the ground truth, in frames, that fits the smoothed poses best.
double LagOf(const std::vector<Pose>& smooth, const SmoothingTrial& trial) {
  constexpr double kStep = 0.02;
  double best_lag = 0.0;
  double best = std::numeric_limits<double>::infinity();
  for (int step = 0; step <= 500; ++step) {
    const double lag = kStep * step;
    double sum = 0.0;
    for (std::size_t i = smooth.size() / 10; i < smooth.size(); ++i) {
      const double time_s = (static_cast<double>(i) - lag) / trial.fps;
      sum += SquaredDistance(smooth[i], WalkerAt(time_s, trial.speed_m_s, kStart, kMeterPx));
    }
    if (sum >= best) continue;
    best = sum;
    best_lag = lag;
  }
  return best_lag;
}

}  // namespace

SmoothingScores TrySmoothing(const PoseSmootherOptions& options, const SmoothingTrial& trial) {
  const Videos still = Smooth(options, trial, 0.0);
  const Videos walking = Smooth(options, trial, trial.speed_m_s);
  return {
      .jitter = std::sqrt(SumOfSquares(still.smooth, still.truth, 0) / SumOfSquares(still.detected, still.truth, 0)),
      .frame_jitter =
          std::sqrt(SumOfSquares(still.smooth, still.smooth, 1) / SumOfSquares(still.detected, still.detected, 1)),
      .lag_frames = LagOf(walking.smooth, trial),
      .error =
          std::sqrt(SumOfSquares(walking.smooth, walking.truth, 0) / SumOfSquares(walking.detected, walking.truth, 0))};
}

}  // namespace posenet::bench

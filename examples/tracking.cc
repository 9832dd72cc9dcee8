// SPDX-License-Identifier: Apache-2.0
// Tracks people over time, and smooths their keypoints. The poses may come from any estimator: here two simulated
// people walk past each other, with noise on every keypoint. No model is needed.
//
//   tracking
#include <posenet/pose.h>
#include <posenet/track.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <set>
#include <vector>

namespace {

using posenet::kPartCount;
using posenet::Point;
using posenet::Pose;

constexpr double kFramesPerSecond = 25.0;
constexpr int kFrameCount = 75;
constexpr float kNoisePx = 2.0F;

// The parts of a person who stands at (0, 0), feet on the ground.
constexpr std::array<Point, kPartCount> kBody = {{{0, -190},
                                                  {4, -195},
                                                  {-4, -195},
                                                  {10, -192},
                                                  {-10, -192},
                                                  {22, -160},
                                                  {-22, -160},
                                                  {32, -125},
                                                  {-32, -125},
                                                  {36, -92},
                                                  {-36, -92},
                                                  {15, -90},
                                                  {-15, -90},
                                                  {16, -45},
                                                  {-16, -45},
                                                  {17, 0},
                                                  {-17, 0}}};

// What an estimator would output for a person at `ground`.
Pose Estimate(Point ground, std::mt19937& random) {
  std::normal_distribution<float> noise(0.0F, kNoisePx);
  Pose pose;
  pose.score = 0.9F;
  for (std::size_t i = 0; i < kBody.size(); ++i) {
    pose.keypoints[i] = {.position_px = {ground.x + kBody[i].x + noise(random), ground.y + kBody[i].y + noise(random)},
                         .score = 0.9F};
  }
  return pose;
}

}  // namespace

int main() {
  auto tracker = posenet::PoseTracker::Create();
  auto smoother = posenet::PoseSmoother::Create();
  if (!tracker || !smoother) return 1;

  std::mt19937 random(1);
  std::set<std::int64_t> ids_seen;
  for (int frame = 0; frame < kFrameCount; ++frame) {
    const double time_s = frame / kFramesPerSecond;
    const auto way_px = static_cast<float>(6 * frame);
    // The poses of one frame, in any order.
    std::vector<Pose> poses = {Estimate({100 + way_px, 300}, random), Estimate({540 - way_px, 340}, random)};

    // One ID per pose: that of the track it continues, that of a new track, or 0 while that is undecided.
    const auto ids = tracker->Update(poses, time_s);
    if (!ids) {
      std::fprintf(stderr, "tracking: %s\n", ids.error().message.c_str());
      return 1;
    }
    // Smooths in place; poses with ID 0 are left unchanged.
    const auto smoothed = smoother->Smooth(poses, *ids, time_s);
    if (!smoothed) {
      std::fprintf(stderr, "tracking: %s\n", smoothed.error().message.c_str());
      return 1;
    }

    ids_seen.insert(ids->begin(), ids->end());
    if (frame % 15 != 0) continue;
    std::printf("%.2f s:", time_s);
    for (std::size_t i = 0; i < poses.size(); ++i) {
      const Point nose_px = poses[i][posenet::Part::kNose].position_px;
      std::printf("  ID %d, nose at %5.1f, %5.1f", static_cast<int>((*ids)[i]), nose_px.x, nose_px.y);
    }
    std::printf("\n");
  }
  ids_seen.erase(0);
  std::printf("%zu people\n", ids_seen.size());
  return ids_seen.size() == 2 ? 0 : 1;
}

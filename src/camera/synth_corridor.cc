// SPDX-License-Identifier: Apache-2.0
// A corridor of 24 m: walks go along it, turn around at the end and come back.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "camera/synth_builder.h"
#include "camera/synth_places.h"

namespace posenet::camera::synth {
namespace {

constexpr Interior kCorridor = {.low_x_m = 0.0, .high_x_m = 24.0, .low_z_m = -1.2, .high_z_m = 1.2, .height_m = 2.6};

}  // namespace

World MakeCorridor(std::vector<image::Image> photos, Random& random) {
  Builder builder(std::move(photos), random);
  builder.AddInterior(kCorridor, {.floor = 40, .ceiling = 16, .wall = 24});
  for (const Wall& wall : kCorridor.Walls()) {
    builder.AddImages(wall, {.columns = std::max(1, static_cast<int>(wall.width_m / 1.7)),
                             .heights_m = {1.25},
                             .shortest_m = 0.9,
                             .longest_m = 1.5});
  }
  // Cupboards along the walls.
  constexpr int kBoxes = 6;
  for (int i = 0; i < kBoxes; ++i) {
    const double side = i % 2 == 0 ? 1.0 : -1.0;
    builder.AddBox({.center_m = {(i + random.Between(0.2, 0.8)) * kCorridor.high_x_m / kBoxes, 0,
                                 side * (kCorridor.high_z_m - 0.2)},
                    .turn_deg = 0.0,
                    .size_m = {random.Between(0.6, 1.2), random.Between(0.6, 1.1), 0.36}});
  }
  return builder.Take();
}

std::vector<RigidPose> WalkInCorridor(int count, Random& random) {
  constexpr double kTurn = 2.0 * std::numbers::pi;
  constexpr double kFromEndM = 1.5;
  // The share of the walk in which the camera turns around, at the far end.
  constexpr double kTurningShare = 0.12;
  const double side_m = random.Between(-0.3, 0.3);
  const double height_m = random.Between(1.4, 1.65);
  std::array<double, 4> phases = {};
  for (double& phase : phases) phase = random.Between(0.0, kTurn);
  std::vector<RigidPose> path;
  for (int i = 0; i < count; ++i) {
    const double progress = (i + 0.5) / count;
    const double going = (1.0 - kTurningShare) / 2.0;
    const double turned = std::clamp((progress - going) / kTurningShare, 0.0, 1.0);
    const double along = std::min(1.0, std::min(progress, 1.0 - progress) / going);
    const double swing = kTurn * progress;
    const Vector3 center = {kFromEndM + along * (kCorridor.high_x_m - 2.0 * kFromEndM),
                            -height_m - 0.04 * std::sin(11.0 * swing + phases[0]),
                            side_m + 0.2 * std::sin(3.0 * swing + phases[1])};
    const double yaw_deg = 90.0 + 180.0 * turned + 18.0 * std::sin(5.0 * swing + phases[2]);
    const double pitch_deg = -3.0 + 5.0 * std::sin(4.0 * swing + phases[3]);
    const double roll_deg = 3.0 * std::sin(6.0 * swing + phases[0]);
    path.push_back(PoseAt(center, {.yaw_deg = yaw_deg, .pitch_deg = pitch_deg, .roll_deg = roll_deg}));
  }
  return path;
}

}  // namespace posenet::camera::synth

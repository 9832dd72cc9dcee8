// SPDX-License-Identifier: Apache-2.0
// A room of 6 by 5 m. Walks either circle around its middle while the camera looks across, or wander in front of one
// wall.
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "camera/synth_builder.h"
#include "camera/synth_places.h"

namespace posenet::camera::synth {
namespace {

constexpr Interior kRoom = {.low_x_m = -3.0, .high_x_m = 3.0, .low_z_m = -2.5, .high_z_m = 2.5, .height_m = 2.8};

// A box below eye level, at a random angle, near the given corner.
BoxPlace BoxNear(int corner, Random& random) {
  BoxPlace box;
  box.turn_deg = random.Between(0.0, 90.0);
  box.size_m.x = random.Between(0.5, 0.9);
  box.size_m.z = random.Between(0.4, 0.8);
  box.size_m.y = random.Between(0.5, 1.0);
  box.center_m.x = (corner % 2 == 0 ? -1.0 : 1.0) * random.Between(1.2, 2.0);
  box.center_m.z = (corner < 2 ? -1.0 : 1.0) * random.Between(0.8, 1.6);
  return box;
}

}  // namespace

World MakeRoom(std::vector<image::Image> photos, Random& random) {
  Builder builder(std::move(photos), random);
  builder.AddInterior(kRoom, {.floor = 30, .ceiling = 8, .wall = 10});
  for (const Wall& wall : kRoom.Walls()) {
    builder.AddImages(wall, {.columns = static_cast<int>(wall.width_m / 1.25),
                             .heights_m = {0.72, 1.9},
                             .shortest_m = 0.75,
                             .longest_m = 1.05});
  }
  for (int corner = 0; corner < 4; ++corner) builder.AddBox(BoxNear(corner, random));
  return builder.Take();
}

std::vector<RigidPose> WalkInRoom(int count, Random& random) {
  constexpr double kTurn = 2.0 * std::numbers::pi;
  const double start = random.Between(0.0, kTurn);
  const double radius_m = random.Between(0.85, 1.2);
  const double height_m = random.Between(1.35, 1.65);
  std::array<double, 5> phases = {};
  for (double& phase : phases) phase = random.Between(0.0, kTurn);
  std::vector<RigidPose> path;
  for (int i = 0; i < count; ++i) {
    const double progress = kTurn * i / count;
    const double around = start + progress;
    const double r_m = radius_m + 0.15 * std::sin(2.0 * progress + phases[0]);
    const Vector3 center = {1.2 * r_m * std::sin(around), -height_m - 0.12 * std::sin(3.0 * progress + phases[1]),
                            r_m * std::cos(around)};
    // Across the room, over its middle, swinging to both sides.
    const double yaw_deg = around * 360.0 / kTurn + 180.0 + 15.0 * std::sin(2.0 * progress + phases[2]);
    const double pitch_deg = -4.0 + 8.0 * std::sin(3.0 * progress + phases[3]);
    const double roll_deg = 4.0 * std::sin(2.0 * progress + phases[4]);
    path.push_back(PoseAt(center, {.yaw_deg = yaw_deg, .pitch_deg = pitch_deg, .roll_deg = roll_deg}));
  }
  return path;
}

// Place and direction vary independently of each other: unlike on a circle, neither tells the other, so only what
// parallax and scale show determines the position.
std::vector<RigidPose> WalkAtWall(int count, Random& random) {
  constexpr double kTurn = 2.0 * std::numbers::pi;
  constexpr double kTowardsWallDeg = 180.0;
  std::array<double, 9> phases = {};
  for (double& phase : phases) phase = random.Between(0.0, kTurn);
  std::vector<RigidPose> path;
  for (int i = 0; i < count; ++i) {
    const double progress = kTurn * i / count;
    // A swing of unit amplitude; the walk is closed because `turns` is a whole number.
    const auto swing = [&](int turns, std::size_t phase) { return std::sin(turns * progress + phases[phase]); };
    const Vector3 center = {0.95 * swing(1, 0) + 0.45 * swing(3, 1), -1.5 - 0.25 * swing(2, 4),
                            0.9 + 0.65 * swing(2, 2) + 0.35 * swing(3, 3)};
    const double yaw_deg = kTowardsWallDeg + 12.0 * swing(2, 5) + 10.0 * swing(3, 6);
    const double pitch_deg = -4.0 + 8.0 * swing(3, 7);
    const double roll_deg = 4.0 * swing(2, 8);
    path.push_back(PoseAt(center, {.yaw_deg = yaw_deg, .pitch_deg = pitch_deg, .roll_deg = roll_deg}));
  }
  return path;
}

}  // namespace posenet::camera::synth

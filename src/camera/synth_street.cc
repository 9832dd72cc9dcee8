// SPDX-License-Identifier: Apache-2.0
// A street of 60 m between two rows of houses, under a sky: walks go along it in both directions.
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "camera/synth_builder.h"
#include "camera/synth_places.h"

namespace posenet::camera::synth {
namespace {

// The street extends along x from 0; z is the distance from its middle.
constexpr double kStreetLengthM = 60.0;
constexpr double kHalfStreetM = 7.0;
constexpr double kSkyM = 150.0;  // Half the side of the box that shows the sky, around the street's middle.

// A row of house fronts from left to right, seen from the street.
void AddHouses(Builder& builder, const Vector3& start_m, const Vector3& right, const Vector3& inward, double length_m,
               Random& random) {
  constexpr double kWallPxPerM = 20.0;
  double at_m = 0.0;
  while (at_m < length_m - 0.01) {
    const double left_m = length_m - at_m;
    const double drawn_m = random.Between(6.0, 10.0);
    // The last house takes the rest if that is too narrow for another one.
    const double width_m = left_m - drawn_m < 4.0 ? left_m : drawn_m;
    const double height_m = random.Between(6.5, 11.0);
    const Wall wall = {start_m + at_m * right + Vector3{0, -height_m, 0}, right, inward, width_m};
    builder.Add(wall.corner_m, width_m * right, {0, height_m, 0},
                builder.AddPattern(width_m, height_m, kWallPxPerM, {.blob_count = 8, .contrast = 22.0}));
    builder.AddImages(wall, {.columns = static_cast<int>(width_m / 2.4),
                             .heights_m = {height_m - 4.9, height_m - 1.7},
                             .shortest_m = 1.3,
                             .longest_m = 2.1,
                             .jitter_m = 0.2});
    at_m += width_m;
  }
}

void AddGroundAndSky(Builder& builder) {
  constexpr double kGroundPxPerM = 12.0;
  builder.Add(
      {0, 0, -kHalfStreetM}, {kStreetLengthM, 0, 0}, {0, 0, 2 * kHalfStreetM},
      builder.AddPattern(kStreetLengthM, 2 * kHalfStreetM, kGroundPxPerM, {.blob_count = 60, .contrast = 15.0}));
  const std::size_t sky =
      builder.AddPattern(1.0, 1.0, 64.0, {.blob_count = 0, .contrast = 8.0, .darkest = 170.0, .lightest = 225.0});
  const double s = kSkyM;
  const double x = kStreetLengthM / 2.0;
  builder.Add({x - s, -s, -s}, {2 * s, 0, 0}, {0, 0, 2 * s}, sky);
  builder.Add({x - s, -s, s}, {2 * s, 0, 0}, {0, s, 0}, sky);
  builder.Add({x + s, -s, -s}, {-2 * s, 0, 0}, {0, s, 0}, sky);
  builder.Add({x + s, -s, s}, {0, 0, -2 * s}, {0, s, 0}, sky);
  builder.Add({x - s, -s, -s}, {0, 0, 2 * s}, {0, s, 0}, sky);
}

}  // namespace

World MakeStreet(std::vector<image::Image> photos, Random& random) {
  Builder builder(std::move(photos), random);
  AddGroundAndSky(builder);
  const double z = kHalfStreetM;
  AddHouses(builder, {0, 0, z}, {1, 0, 0}, {0, 0, -1}, kStreetLengthM, random);
  AddHouses(builder, {kStreetLengthM, 0, -z}, {-1, 0, 0}, {0, 0, 1}, kStreetLengthM, random);
  AddHouses(builder, {kStreetLengthM, 0, z}, {0, 0, -1}, {-1, 0, 0}, 2 * z, random);
  AddHouses(builder, {0, 0, -z}, {0, 0, 1}, {1, 0, 0}, 2 * z, random);
  // Stalls on both sidewalks.
  constexpr int kStalls = 8;
  for (int i = 0; i < kStalls; ++i) {
    const double side = i % 2 == 0 ? 1.0 : -1.0;
    builder.AddBox({.center_m = {(i + random.Between(0.2, 0.8)) * kStreetLengthM / kStalls, 0, side * 5.4},
                    .turn_deg = random.Between(-10.0, 10.0),
                    .size_m = {random.Between(1.2, 2.2), random.Between(1.4, 2.2), random.Between(0.8, 1.2)}});
  }
  return builder.Take();
}

std::vector<RigidPose> WalkInStreet(int count, int number, Random& random) {
  constexpr double kTurn = 2.0 * std::numbers::pi;
  constexpr double kFromEndM = 4.0;
  const bool goes_back = number % 2 == 1;
  const double side_m = random.Between(-2.0, 2.0);
  const double height_m = random.Between(1.5, 1.75);
  // Diagonally at the houses ahead, on the same side for all walks in that direction.
  constexpr double kAsideDeg = 25.0;
  std::array<double, 4> phases = {};
  for (double& phase : phases) phase = random.Between(0.0, kTurn);
  std::vector<RigidPose> path;
  for (int i = 0; i < count; ++i) {
    const double progress = (i + 0.5) / count;
    const double along = goes_back ? 1.0 - progress : progress;
    const double swing = kTurn * progress;
    const Vector3 center = {kFromEndM + along * (kStreetLengthM - 2.0 * kFromEndM),
                            -height_m - 0.05 * std::sin(17.0 * swing + phases[0]),
                            side_m + 0.8 * std::sin(2.0 * swing + phases[1])};
    const double yaw_deg = (goes_back ? 270.0 : 90.0) - kAsideDeg + 25.0 * std::sin(3.0 * swing + phases[2]);
    const double pitch_deg = 4.0 + 4.0 * std::sin(5.0 * swing + phases[3]);
    const double roll_deg = 3.0 * std::sin(4.0 * swing + phases[0]);
    path.push_back(PoseAt(center, {.yaw_deg = yaw_deg, .pitch_deg = pitch_deg, .roll_deg = roll_deg}));
  }
  return path;
}

}  // namespace posenet::camera::synth

// SPDX-License-Identifier: Apache-2.0
#include "camera/synth_places.h"

#include <utility>

namespace posenet::camera::synth {

RigidPose PoseAt(const Vector3& center_m, const Orientation& orientation) {
  const Quaternion rotation = RotationAbout({0, 1, 0}, orientation.yaw_deg) *
                              RotationAbout({1, 0, 0}, orientation.pitch_deg) *
                              RotationAbout({0, 0, 1}, orientation.roll_deg);
  return {InHemisphere(rotation), center_m};
}

World MakeWorld(Place place, std::vector<image::Image> photos, std::uint64_t seed) {
  Random random(seed);
  switch (place) {
    case Place::kRoom:
    case Place::kWall:
      break;
    case Place::kCorridor:
      return MakeCorridor(std::move(photos), random);
    case Place::kStreet:
      return MakeStreet(std::move(photos), random);
  }
  return MakeRoom(std::move(photos), random);
}

std::vector<RigidPose> Walk(Place place, int count, int number, std::uint64_t seed) {
  Random random(seed ^ (0xD1B54A32D192ED03U * static_cast<std::uint64_t>(number + 1)));
  switch (place) {
    case Place::kRoom:
      break;
    case Place::kWall:
      return WalkAtWall(count, random);
    case Place::kCorridor:
      return WalkInCorridor(count, random);
    case Place::kStreet:
      return WalkInStreet(count, number, random);
  }
  return WalkInRoom(count, random);
}

Intrinsics CameraOfSize(int width_px, int height_px) {
  const double focal_px = 525.0 / 640.0 * width_px;
  return {.width_px = width_px,
          .height_px = height_px,
          .focal_x_px = focal_px,
          .focal_y_px = focal_px,
          .center_x_px = width_px / 2.0,
          .center_y_px = height_px / 2.0};
}

}  // namespace posenet::camera::synth

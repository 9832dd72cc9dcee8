// SPDX-License-Identifier: Apache-2.0
#include "train/targets.h"

#include <cmath>
#include <vector>

namespace posenet::train {
namespace {

camera::Quaternion BaseOf(const camera::CameraSpec& spec) {
  const auto& [w, x, y, z] = spec.base_rotation_wxyz;
  return {.w = w, .x = x, .y = y, .z = z};
}

camera::Vector3 Scaled(const camera::Vector3& point, const camera::CameraSpec& spec) {
  return (1.0 / spec.scale) * (point - camera::Vector3{spec.origin[0], spec.origin[1], spec.origin[2]});
}

std::array<float, 3> Floats(const camera::Vector3& v) {
  return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)};
}

}  // namespace

camera::CameraSpec SpecOf(std::span<const camera::RigidPose> training) {
  const double share = 1.0 / static_cast<double>(training.size());
  camera::Vector3 mean;
  std::vector<camera::Quaternion> rotations;
  for (const camera::RigidPose& pose : training) {
    mean = mean + share * pose.translation_m;
    rotations.push_back(pose.rotation);
  }
  double variance = 0.0;
  for (const camera::RigidPose& pose : training) {
    const camera::Vector3 difference = pose.translation_m - mean;
    variance += share * camera::Dot(difference, difference);
  }
  const camera::Quaternion base = camera::MeanRotation(rotations);
  camera::CameraSpec spec;
  spec.origin = {mean.x, mean.y, mean.z};
  spec.scale = variance > 0.0 ? std::sqrt(variance) : 1.0;
  spec.base_rotation_wxyz = {base.w, base.x, base.y, base.z};
  return spec;
}

Target TargetOf(const camera::RigidPose& world_from_cam, const camera::CameraSpec& spec) {
  const camera::Quaternion q = camera::InHemisphere(camera::Inverse(BaseOf(spec)) * world_from_cam.rotation);
  return {.position = Floats(Scaled(world_from_cam.translation_m, spec)),
          .rotation_wxyz = {static_cast<float>(q.w), static_cast<float>(q.x), static_cast<float>(q.y),
                            static_cast<float>(q.z)}};
}

std::array<float, 3> PointOf(const camera::Vector3& point_world, const camera::CameraSpec& spec) {
  return Floats(camera::Rotate(camera::Inverse(BaseOf(spec)), Scaled(point_world, spec)));
}

}  // namespace posenet::train

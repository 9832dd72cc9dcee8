// SPDX-License-Identifier: Apache-2.0
#include "camera/network_pose.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace posenet::camera {
namespace {

bool AreFinite(std::span<const float> numbers) {
  return std::ranges::all_of(numbers, [](float number) { return std::isfinite(number); });
}

Result<Quaternion> RotationOfOutputs(RotationParameters parameters, std::span<const float> r) {
  if (parameters == RotationParameters::kLogQuaternion) return ExpQuaternion({r[0], r[1], r[2]});
  const double length = std::hypot(std::hypot(r[0], r[1]), std::hypot(r[2], r[3]));
  if (length < kMinQuaternionLength) {
    return base::Fail(ErrorCode::kCorruptData, "the network outputs a quaternion of length ", length,
                      "; expected at least ", kMinQuaternionLength);
  }
  return Quaternion{r[0] / length, r[1] / length, r[2] / length, r[3] / length};
}

}  // namespace

Quaternion ExpQuaternion(const Vector3& v) {
  const double half_angle = Norm(v);
  // sin x / x, which is 1 - x^2/6 + ...: 1 in double precision if x is below 1e-8.
  const double factor = half_angle < 1e-8 ? 1.0 : std::sin(half_angle) / half_angle;
  return {std::cos(half_angle), factor * v.x, factor * v.y, factor * v.z};
}

Vector3 LogQuaternion(const Quaternion& rotation) {
  const Quaternion q = InHemisphere(rotation);
  const double sine = std::hypot(q.x, q.y, q.z);
  const double factor = sine < 1e-8 ? 1.0 : std::atan2(sine, q.w) / sine;
  return {factor * q.x, factor * q.y, factor * q.z};
}

Result<RigidPose> PoseOfOutputs(const CameraSpec& spec, std::span<const float> position,
                                std::span<const float> rotation) {
  if (!AreFinite(position) || !AreFinite(rotation)) {
    return base::Fail(ErrorCode::kCorruptData, "the network outputs numbers that are not finite");
  }
  POSENET_ASSIGN_OR_RETURN(const Quaternion relative, RotationOfOutputs(spec.rotation, rotation));
  const auto& [w, x, y, z] = spec.base_rotation_wxyz;
  const Vector3 origin = {spec.origin[0], spec.origin[1], spec.origin[2]};
  return RigidPose{.rotation = InHemisphere(Quaternion{w, x, y, z} * relative),
                   .translation_m = origin + spec.scale * Vector3{position[0], position[1], position[2]}};
}

CameraPose PublicPose(const RigidPose& world_from_cam) {
  const auto& [rotation, center] = world_from_cam;
  return {.position = {center.x, center.y, center.z},
          .rotation_wxyz = {rotation.w, rotation.x, rotation.y, rotation.z}};
}

RigidPose RigidPoseOf(const CameraPose& pose) {
  const auto& [x, y, z] = pose.position;
  const auto& [qw, qx, qy, qz] = pose.rotation_wxyz;
  return {.rotation = {qw, qx, qy, qz}, .translation_m = {x, y, z}};
}

}  // namespace posenet::camera

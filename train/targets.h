// SPDX-License-Identifier: Apache-2.0
// Ground-truth poses in the units of the network.
#ifndef POSENET_TRAIN_TARGETS_H_
#define POSENET_TRAIN_TARGETS_H_

#include <array>
#include <span>

#include "camera/camera_spec.h"
#include "camera/rigid_pose.h"

namespace posenet::train {

/// The origin, scale and base rotation of a scene with the training poses `training`: their mean center, the root mean
/// square of the distances from it (1 if all are in one place) and the mean rotation. Other members have their default
/// values. Precondition: `training` is not empty.
camera::CameraSpec SpecOf(std::span<const camera::RigidPose> training);

/// A pose in the network's units.
struct Target {
  std::array<float, 3> position = {};
  std::array<float, 4> rotation_wxyz = {};  // base_from_cam, w >= 0.
};
Target TargetOf(const camera::RigidPose& world_from_cam, const camera::CameraSpec& spec);

/// A point of the scene in the network's units and the base's axes (VisiblePoints).
std::array<float, 3> PointOf(const camera::Vector3& point_world, const camera::CameraSpec& spec);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TARGETS_H_

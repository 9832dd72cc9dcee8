// SPDX-License-Identifier: Apache-2.0
// Poses as the network is to answer them.
#ifndef POSENET_TRAIN_TARGETS_H_
#define POSENET_TRAIN_TARGETS_H_

#include <array>
#include <span>

#include "camera/camera_spec.h"
#include "camera/rigid_pose.h"

namespace posenet::train {

/// The origin, scale and base rotation for a scene whose training poses are `training`: their mean centre, the root
/// mean square of its distances from it (1 where they are all at one place) and the mean rotation. The rest of the
/// spec is the default. Precondition: not empty.
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

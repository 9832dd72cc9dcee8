// SPDX-License-Identifier: Apache-2.0
// Conversions between the outputs of a camera network, poses inside this module, and the public CameraPose.
#ifndef POSENET_CAMERA_NETWORK_POSE_H_
#define POSENET_CAMERA_NETWORK_POSE_H_

#include <span>

#include "camera/camera_spec.h"
#include "camera/rigid_pose.h"
#include "posenet/camera.h"
#include "posenet/result.h"

namespace posenet::camera {

/// (cos |v|, sin |v| v/|v|): |v| is half of the angle.
Quaternion ExpQuaternion(const Vector3& v);
/// The shortest v for which ExpQuaternion(v) is `rotation` or its negative: |v| is at most pi / 2.
Vector3 LogQuaternion(const Quaternion& rotation);

/// The pose that the outputs of a network stand for, as CameraSpec defines. `position` has 3 numbers, `rotation`
/// RotationSize. Errors: kCorruptData for numbers that are not finite, and for quaternions shorter than
/// kMinQuaternionLength.
Result<RigidPose> PoseOfOutputs(const CameraSpec& spec, std::span<const float> position,
                                std::span<const float> rotation);

/// Networks output numbers of about 1: in single precision a shorter quaternion is noise, without a direction.
inline constexpr double kMinQuaternionLength = 1e-8;

CameraPose PublicPose(const RigidPose& world_from_cam);
RigidPose RigidPoseOf(const CameraPose& pose);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_NETWORK_POSE_H_

// SPDX-License-Identifier: Apache-2.0
// From the numbers that a camera network answers to poses, and back.
#ifndef POSENET_CAMERA_NETWORK_POSE_H_
#define POSENET_CAMERA_NETWORK_POSE_H_

#include <array>
#include <span>

#include "camera/rigid_pose.h"
#include "model/camera_spec.h"
#include "posenet/result.h"

namespace posenet::camera {

/// (cos |v|, sin |v| v/|v|): |v| is half of the angle.
Quaternion ExpQuaternion(const Vector3& v);
/// The shortest v of which ExpQuaternion makes `rotation` or its negative: |v| is at most pi / 2.
Vector3 LogQuaternion(const Quaternion& rotation);

/// The pose that a network's answers stand for: CameraSpec says how. `position` has 3 numbers and `rotation` as many as
/// RotationSize. Errors: kCorruptData for numbers that are not finite, and for a quaternion that is too short to have a
/// direction.
Result<RigidPose> PoseOfOutputs(const model::CameraSpec& spec, std::span<const float> position,
                                std::span<const float> rotation);

/// Shorter quaternions are an error: of numbers as networks answer them, single precision has no digit left.
inline constexpr double kMinQuaternionLength = 1e-8;

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_NETWORK_POSE_H_

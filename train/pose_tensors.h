// SPDX-License-Identifier: Apache-2.0
// Poses in tensors, differentiable. Quaternions are [..., 4] as w, x, y, z; vectors [..., 3].
#ifndef POSENET_TRAIN_POSE_TENSORS_H_
#define POSENET_TRAIN_POSE_TENSORS_H_

#include <torch/torch.h>

#include "camera/camera_spec.h"

namespace posenet::train {

/// a_from_b * b_from_c.
torch::Tensor Multiply(const torch::Tensor& a_from_b, const torch::Tensor& b_from_c);
/// Of unit quaternions.
torch::Tensor Conjugate(const torch::Tensor& a_from_b);
/// `v_b` in the axes of a. Both may broadcast.
torch::Tensor Rotate(const torch::Tensor& a_from_b, const torch::Tensor& v_b);
/// Of length 1; a quaternion of length 0 stays 0.
torch::Tensor Normalized(const torch::Tensor& quaternion);

/// The unit quaternion that a network's rotation output stands for (camera/camera_spec.h).
torch::Tensor QuaternionOf(const torch::Tensor& output, camera::RotationParameters parameters);
/// The numbers that stand for a unit quaternion, with w >= 0.
torch::Tensor ParametersOf(const torch::Tensor& quaternion, camera::RotationParameters parameters);

/// The numbers that stand for the same rotation as `target` and are nearest to `output`: q or -q, or their logarithms.
/// Networks are free to answer either; which one of the two a photo's label has is an accident.
torch::Tensor NearestParameters(const torch::Tensor& target_quaternion, const torch::Tensor& output,
                                camera::RotationParameters parameters);

/// The angles between rotations in degrees, [...].
torch::Tensor AngleDeg(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_POSE_TENSORS_H_

// SPDX-License-Identifier: Apache-2.0
// Differentiable poses. Quaternions are tensors [..., 4] in the order w, x, y, z; vectors are [..., 3].
#ifndef POSENET_TRAIN_POSE_TENSORS_H_
#define POSENET_TRAIN_POSE_TENSORS_H_

#include <torch/torch.h>

#include "camera/camera_spec.h"

namespace posenet::train {

/// a_from_b * b_from_c.
torch::Tensor Multiply(const torch::Tensor& a_from_b, const torch::Tensor& b_from_c);
/// Of unit quaternions.
torch::Tensor Conjugate(const torch::Tensor& a_from_b);
/// `v_b` in the axes of a. The arguments broadcast.
torch::Tensor Rotate(const torch::Tensor& a_from_b, const torch::Tensor& v_b);
/// Scaled to length 1; a quaternion of length 0 stays 0.
torch::Tensor Normalized(const torch::Tensor& quaternion);

/// The unit quaternion of a network's rotation output (camera/camera_spec.h).
torch::Tensor QuaternionOf(const torch::Tensor& output, camera::RotationParameters parameters);
/// The parameters of a unit quaternion or its negative, whichever has w >= 0.
torch::Tensor ParametersOf(const torch::Tensor& quaternion, camera::RotationParameters parameters);

/// The parameters of the rotation `target_quaternion` that are nearest to `output`: those of q or -q. Both are correct
/// outputs; which one a label has is arbitrary.
torch::Tensor NearestParameters(const torch::Tensor& target_quaternion, const torch::Tensor& output,
                                camera::RotationParameters parameters);

/// The angles between rotations, [...].
torch::Tensor AngleDeg(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_POSE_TENSORS_H_

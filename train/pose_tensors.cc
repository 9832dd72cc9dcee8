// SPDX-License-Identifier: Apache-2.0
#include "train/pose_tensors.h"

#include <numbers>

namespace posenet::train {
namespace {

using torch::Tensor;

// Added to squared lengths that are divided by.
constexpr double kTiny = 1e-12;

Tensor Part(const Tensor& tensor, std::int64_t index) { return tensor.select(-1, index); }

// The Euclidean norm, differentiable at 0.
Tensor SafeNorm(const Tensor& vector) { return (vector.square().sum(-1, /*keepdim=*/true) + kTiny).sqrt(); }

Tensor LogOf(const Tensor& quaternion) {
  const Tensor w = quaternion.narrow(-1, 0, 1);
  const Tensor v = quaternion.narrow(-1, 1, 3);
  const Tensor length = SafeNorm(v);
  return torch::atan2(length, w) * v / length;
}

}  // namespace

Tensor Multiply(const Tensor& a_from_b, const Tensor& b_from_c) {
  const auto [w, x, y, z] = std::tuple(Part(a_from_b, 0), Part(a_from_b, 1), Part(a_from_b, 2), Part(a_from_b, 3));
  const auto [p, q, r, s] = std::tuple(Part(b_from_c, 0), Part(b_from_c, 1), Part(b_from_c, 2), Part(b_from_c, 3));
  return torch::stack({w * p - x * q - y * r - z * s, w * q + x * p + y * s - z * r, w * r - x * s + y * p + z * q,
                       w * s + x * r - y * q + z * p},
                      -1);
}

Tensor Conjugate(const Tensor& a_from_b) {
  return a_from_b * torch::tensor({1.0, -1.0, -1.0, -1.0}, a_from_b.options());
}

Tensor Rotate(const Tensor& a_from_b, const Tensor& v_b) {
  const Tensor u = a_from_b.narrow(-1, 1, 3).expand_as(v_b);
  const Tensor w = a_from_b.narrow(-1, 0, 1);
  const Tensor t = 2.0 * torch::cross(u, v_b, -1);
  return v_b + w * t + torch::cross(u, t, -1);
}

Tensor Normalized(const Tensor& quaternion) { return quaternion / SafeNorm(quaternion); }

Tensor QuaternionOf(const Tensor& output, camera::RotationParameters parameters) {
  if (parameters == camera::RotationParameters::kQuaternion) return Normalized(output);
  const Tensor half_angle = SafeNorm(output);
  return torch::cat({torch::cos(half_angle), torch::sin(half_angle) / half_angle * output}, -1);
}

Tensor ParametersOf(const Tensor& quaternion, camera::RotationParameters parameters) {
  const Tensor w = quaternion.narrow(-1, 0, 1);
  const Tensor positive = torch::where(w < 0, -quaternion, quaternion);
  return parameters == camera::RotationParameters::kQuaternion ? positive : LogOf(positive);
}

Tensor NearestParameters(const Tensor& target_quaternion, const Tensor& output, camera::RotationParameters parameters) {
  const torch::NoGradGuard no_grad;
  const bool is_quaternion = parameters == camera::RotationParameters::kQuaternion;
  const Tensor one = is_quaternion ? target_quaternion : LogOf(target_quaternion);
  const Tensor other = is_quaternion ? -target_quaternion : LogOf(-target_quaternion);
  const auto distance = [&](const Tensor& parameters_of_target) {
    return (parameters_of_target - output).square().sum(-1, /*keepdim=*/true);
  };
  return torch::where(distance(one) <= distance(other), one, other);
}

Tensor AngleDeg(const Tensor& a, const Tensor& b) {
  const Tensor difference = Multiply(Conjugate(a), b);
  const Tensor sine = difference.narrow(-1, 1, 3).norm(2, -1);
  const Tensor cosine = Part(difference, 0).abs();
  return torch::atan2(sine, cosine) * (2.0 * 180.0 / std::numbers::pi);
}

}  // namespace posenet::train

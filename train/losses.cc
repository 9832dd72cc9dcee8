// SPDX-License-Identifier: Apache-2.0
#include "train/losses.h"

#include "train/pose_tensors.h"

namespace posenet::train {
namespace {

using torch::Tensor;

// If cameras hardly move or hardly turn, their distances are not weighed as if they were smaller than this.
constexpr double kMinDistance = 0.01;

Tensor Length(const Tensor& difference, PoseNorm norm) {
  if (norm == PoseNorm::kL1) return difference.abs().sum(-1);
  return (difference.square().sum(-1) + 1e-12).sqrt();  // Differentiable at 0.
}

// base_from_cam of the network's output.
Tensor PredictedQuaternion(const PredictedPoses& predicted, camera::RotationParameters parameters) {
  return QuaternionOf(predicted.rotation, parameters);
}

// Points in the cameras' axes: [batch, count, 3].
Tensor InCamera(const Tensor& points, const Tensor& position, const Tensor& base_from_cam, const Tensor& base) {
  const Tensor center = Rotate(Conjugate(base), position);  // In the base's axes.
  return Rotate(Conjugate(base_from_cam).unsqueeze(1), points - center.unsqueeze(1));
}

struct Motions {
  Tensor translation;
  Tensor rotation;
};

Motions MotionsOf(const Tensor& position, const Tensor& base_from_cam, const Tensor& base, std::int64_t window) {
  const Tensor x = Rotate(Conjugate(base), position).reshape({-1, window, 3});
  const Tensor q = base_from_cam.reshape({-1, window, 4});
  const Tensor from = Conjugate(q.narrow(1, 0, window - 1));
  return {.translation = Rotate(from, x.narrow(1, 1, window - 1) - x.narrow(1, 0, window - 1)),
          .rotation = Multiply(from, q.narrow(1, 1, window - 1))};
}

}  // namespace

PoseDistances Distances(const PredictedPoses& predicted, const TruePoses& truth, camera::RotationParameters parameters,
                        PoseNorm norm) {
  const Tensor rotation =
      parameters == camera::RotationParameters::kQuaternion ? Normalized(predicted.rotation) : predicted.rotation;
  const Tensor target = NearestParameters(truth.rotation, rotation, parameters);
  return {.position = Length(predicted.position - truth.position, norm).mean(),
          .rotation = Length(rotation - target, norm).mean()};
}

Tensor ReprojectionLoss(const PredictedPoses& predicted, const TruePoses& truth, const VisiblePoints& visible,
                        const Tensor& base, camera::RotationParameters parameters) {
  const Tensor seen = InCamera(visible.points, truth.position, truth.rotation, base);
  const Tensor guessed = InCamera(visible.points, predicted.position, PredictedQuaternion(predicted, parameters), base);
  const Tensor depth = seen.select(-1, 2).clamp_min(1e-6);
  const Tensor guessed_depth = torch::maximum(guessed.select(-1, 2), kMinDepthShare * depth);
  const Tensor difference =
      guessed.narrow(-1, 0, 2) / guessed_depth.unsqueeze(-1) - seen.narrow(-1, 0, 2) / depth.unsqueeze(-1);
  const Tensor distance = difference.abs().sum(-1).clamp_max(kMaxProjection);
  return (distance * visible.mask).sum() / visible.mask.sum().clamp_min(1.0);
}

PoseDistances RelativeDistances(const PredictedPoses& predicted, const TruePoses& truth, const Tensor& base,
                                camera::RotationParameters parameters, std::int64_t window) {
  const Motions guessed = MotionsOf(predicted.position, PredictedQuaternion(predicted, parameters), base, window);
  const Motions seen = MotionsOf(truth.position, truth.rotation, base, window);
  const Tensor guessed_parameters = ParametersOf(guessed.rotation, parameters);
  const Tensor target = NearestParameters(seen.rotation, guessed_parameters, parameters);
  return {.position = Length(guessed.translation - seen.translation, PoseNorm::kL1).mean(),
          .rotation = Length(guessed_parameters - target, PoseNorm::kL1).mean()};
}

PoseLossImpl::PoseLossImpl(const LossOptions& options) : options_(options) {
  if (options.kind != LossKind::kBeta) absolute_ = Register("");
  if (options.relative) relative_ = Register("relative_");
}

PoseLossImpl::LogVariances PoseLossImpl::Register(const std::string& prefix) {
  return {.s_x = register_parameter(prefix + "s_x", torch::zeros({})),
          .s_q = register_parameter(prefix + "s_q", torch::zeros({})),
          .are_initialized = register_buffer(prefix + "are_initialized", torch::zeros({}))};
}

Tensor PoseLossImpl::Uncertain(const PoseDistances& distances, LogVariances& log_variances) {
  auto& [s_x, s_q, are_initialized] = log_variances;
  if (are_initialized.item<double>() == 0.0) {
    const torch::NoGradGuard no_grad;
    s_x.copy_(distances.position.clamp_min(kMinDistance).log());
    s_q.copy_(distances.rotation.clamp_min(kMinDistance).log());
    are_initialized.fill_(1.0);
  }
  return distances.position * torch::exp(-s_x) + s_x + distances.rotation * torch::exp(-s_q) + s_q;
}

Tensor PoseLossImpl::Weigh(const PoseDistances& distances) {
  if (options_.kind == LossKind::kBeta) return distances.position + options_.beta * distances.rotation;
  return Uncertain(distances, absolute_);
}

Tensor PoseLossImpl::WeighRelative(const PoseDistances& distances) { return Uncertain(distances, relative_); }

double PoseLossImpl::s_x() const { return absolute_.s_x.defined() ? absolute_.s_x.item<double>() : 0.0; }
double PoseLossImpl::s_q() const { return absolute_.s_q.defined() ? absolute_.s_q.item<double>() : 0.0; }

}  // namespace posenet::train

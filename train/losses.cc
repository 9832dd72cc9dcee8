// SPDX-License-Identifier: Apache-2.0
#include "train/losses.h"

#include "train/pose_tensors.h"

namespace posenet::train {
namespace {

using torch::Tensor;

Tensor Length(const Tensor& difference, PoseNorm norm) {
  if (norm == PoseNorm::kL1) return difference.abs().sum(-1);
  return (difference.square().sum(-1) + 1e-12).sqrt();  // With a derivative at 0.
}

// base_from_cam as the network's answer has it.
Tensor PredictedQuaternion(const PredictedPoses& predicted, camera::RotationParameters parameters) {
  return QuaternionOf(predicted.rotation, parameters);
}

// Points in the axes of cameras: [batch, count, 3].
Tensor InCamera(const Tensor& points, const Tensor& position, const Tensor& base_from_cam, const Tensor& base) {
  const Tensor centre = Rotate(Conjugate(base), position);  // In the base's axes.
  return Rotate(Conjugate(base_from_cam).unsqueeze(1), points - centre.unsqueeze(1));
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
  if (options.kind != LossKind::kBeta) {
    s_x_ = register_parameter("s_x", torch::full({}, options.initial_s_x));
    s_q_ = register_parameter("s_q", torch::full({}, options.initial_s_q));
  }
  if (options.relative) {
    relative_s_x_ = register_parameter("relative_s_x", torch::full({}, options.initial_s_x));
    relative_s_q_ = register_parameter("relative_s_q", torch::full({}, options.initial_s_q));
  }
}

Tensor PoseLossImpl::Uncertain(const PoseDistances& distances, const Tensor& s_x, const Tensor& s_q) const {
  return distances.position * torch::exp(-s_x) + s_x + distances.rotation * torch::exp(-s_q) + s_q;
}

Tensor PoseLossImpl::Weigh(const PoseDistances& distances) {
  if (options_.kind == LossKind::kBeta) return distances.position + options_.beta * distances.rotation;
  return Uncertain(distances, s_x_, s_q_);
}

Tensor PoseLossImpl::WeighRelative(const PoseDistances& distances) {
  return Uncertain(distances, relative_s_x_, relative_s_q_);
}

double PoseLossImpl::s_x() const { return s_x_.defined() ? s_x_.item<double>() : 0.0; }
double PoseLossImpl::s_q() const { return s_q_.defined() ? s_q_.item<double>() : 0.0; }

}  // namespace posenet::train

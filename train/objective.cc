// SPDX-License-Identifier: Apache-2.0
#include "train/objective.h"

#include "train/pose_tensors.h"

namespace posenet::train {

using torch::Tensor;

Objective::Objective(const LossOptions& options, const camera::CameraSpec& spec, double auxiliary_weight,
                     std::int64_t window, torch::Device device)
    : rotation_(spec.rotation), auxiliary_weight_(auxiliary_weight), window_(window), loss_(options) {
  loss_->to(device);
  const auto& [w, x, y, z] = spec.base_rotation_wxyz;
  base_ = torch::tensor({w, x, y, z}, torch::kFloat32).to(device);
}

PoseNorm Objective::Norm() const { return loss_->options().kind == LossKind::kBeta ? PoseNorm::kL2 : PoseNorm::kL1; }

Tensor Objective::OfRegressors(const PredictedPoses& predicted, const Batch& batch, Geometry geometry,
                               EpochSums* sums) {
  const LossOptions& options = loss_->options();
  const PoseDistances distances = Distances(predicted, batch.truth, rotation_, Norm());
  if (sums != nullptr) {
    sums->position += distances.position.item<double>();
    sums->rotation += distances.rotation.item<double>();
  }
  Tensor loss = geometry == Geometry::kReprojection
                    ? ReprojectionLoss(predicted, batch.truth, *batch.points, base_, rotation_)
                    : loss_->Weigh(distances);
  if (options.relative) {
    loss = loss + loss_->WeighRelative(RelativeDistances(predicted, batch.truth, base_, rotation_, window_));
  }
  return loss;
}

Tensor Objective::Of(const std::map<std::string, Tensor>& outputs, const Batch& batch, Geometry geometry,
                     EpochSums& sums) {
  Tensor loss =
      OfRegressors({.position = outputs.at(camera::kPositionOutput), .rotation = outputs.at(camera::kRotationOutput)},
                   batch, geometry, &sums);
  for (const auto& [name, position] : outputs) {
    if (!name.starts_with("aux") || !name.ends_with(camera::kPositionOutput)) continue;
    const std::string tower = name.substr(0, name.find('/') + 1);
    const PredictedPoses predicted = {.position = position, .rotation = outputs.at(tower + camera::kRotationOutput)};
    loss = loss + auxiliary_weight_ * OfRegressors(predicted, batch, geometry, nullptr);
  }
  return loss;
}

Objective::ConstantDistances Objective::ConstantPoseDistances(const TruePoses& truth) const {
  const torch::NoGradGuard no_grad;
  // The mean pose is the origin of the network's units.
  const Tensor identity = torch::tensor({1.0F, 0.0F, 0.0F, 0.0F}).expand_as(truth.rotation);
  const PredictedPoses constant = {.position = torch::zeros_like(truth.position),
                                   .rotation = ParametersOf(identity, rotation_)};
  const PoseDistances distances = Distances(constant, truth, rotation_, Norm());
  return {.position = distances.position.item<double>(), .rotation = distances.rotation.item<double>()};
}

}  // namespace posenet::train

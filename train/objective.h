// SPDX-License-Identifier: Apache-2.0
// The number that a training makes smaller: losses of all regressors of a network, weighed against each other.
#ifndef POSENET_TRAIN_OBJECTIVE_H_
#define POSENET_TRAIN_OBJECTIVE_H_

#include <torch/torch.h>

#include <cstdint>
#include <map>
#include <string>

#include "camera/camera_spec.h"
#include "train/batches.h"
#include "train/losses.h"

namespace posenet::train {

/// Sums over the steps of an epoch, of the network's own regressors.
struct EpochSums {
  double loss = 0.0;
  double position = 0.0;
  double rotation = 0.0;
  std::int64_t steps = 0;
};

/// What counts.
enum class Geometry {
  kDistances,     ///< Distances of poses, as the loss weighs them.
  kReprojection,  ///< Distances of projected points (LossKind::kGeometric, once it has warmed up).
};

class Objective {
 public:
  /// `window` frames, one behind the other, are looked at together by the relative term.
  Objective(const LossOptions& options, const camera::CameraSpec& spec, double auxiliary_weight, std::int64_t window,
            torch::Device device);

  /// Of the outputs of a network for a batch; adds to `sums` what is not the loss itself.
  torch::Tensor Of(const std::map<std::string, torch::Tensor>& outputs, const Batch& batch, Geometry geometry,
                   EpochSums& sums);

  [[nodiscard]] const PoseLoss& loss() const { return loss_; }

 private:
  torch::Tensor OfRegressors(const PredictedPoses& predicted, const Batch& batch, Geometry geometry, EpochSums* sums);

  camera::RotationParameters rotation_;
  double auxiliary_weight_;
  std::int64_t window_;
  PoseLoss loss_;
  torch::Tensor base_;  // CameraSpec's base rotation.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_OBJECTIVE_H_

// SPDX-License-Identifier: Apache-2.0
// The function that training minimizes: the weighted losses of all regressors of a network.
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

/// Sums over the steps of an epoch; distances are those of the network's own regressors, without auxiliary ones.
struct EpochSums {
  double loss = 0.0;
  double position = 0.0;
  double rotation = 0.0;
  std::int64_t steps = 0;
};

/// Which error is minimized.
enum class Geometry {
  kDistances,     ///< Distances between poses, as the loss weighs them.
  kReprojection,  ///< Reprojection errors (LossKind::kGeometric after its warm-up).
};

class Objective {
 public:
  /// The relative loss compares the frames of each window of `window` consecutive elements of a batch.
  Objective(const LossOptions& options, const camera::CameraSpec& spec, double auxiliary_weight, std::int64_t window,
            torch::Device device);

  /// The loss, a scalar, of a network's outputs for `batch`. Adds the distances to `sums`.
  torch::Tensor Of(const std::map<std::string, torch::Tensor>& outputs, const Batch& batch, Geometry geometry,
                   EpochSums& sums);

  /// The distances of a network that outputs the mean training pose for every image.
  struct ConstantDistances {
    double position = 0.0;
    double rotation = 0.0;
  };
  [[nodiscard]] ConstantDistances ConstantPoseDistances(const TruePoses& truth) const;

  [[nodiscard]] const PoseLoss& loss() const { return loss_; }

 private:
  [[nodiscard]] PoseNorm Norm() const;
  torch::Tensor OfRegressors(const PredictedPoses& predicted, const Batch& batch, Geometry geometry, EpochSums* sums);

  camera::RotationParameters rotation_;
  double auxiliary_weight_;
  std::int64_t window_;
  PoseLoss loss_;
  torch::Tensor base_;  // CameraSpec's base rotation.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_OBJECTIVE_H_

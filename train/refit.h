// SPDX-License-Identifier: Apache-2.0
// The last step of a training: the regressors are solved for, instead of descended to.
#ifndef POSENET_TRAIN_REFIT_H_
#define POSENET_TRAIN_REFIT_H_

#include <torch/torch.h>

#include <cstddef>
#include <functional>

#include "train/torch_network.h"
#include "train/train_events.h"
#include "train/training_data.h"

namespace posenet::train {

/// What a refit changed. A regularization of 0 means that the regressor was kept.
struct Refit {
  double position_ridge = 0.0;
  double rotation_ridge = 0.0;
};

/// Refits the regressors of position and rotation to the poses of all frames that `data` learns from, by ridge
/// regression from the features of unchanged images. Gradient descent leaves linear layers short of their optimum
/// unless it runs for very long. The solution is regularized toward the trained weights W:
///   min over D of |F (W + D)^T - Y|^2 + ridge * mean(|f|^2) * |D|^2     (F, Y, f centered)
/// and for each regressor the strength is chosen that has the lowest error; its trained weights stay if none has a
/// lower error than they. `errors` measures the network on held-out frames. The network must be for single images.
/// Leaves it in evaluation mode.
Refit RefitRegressors(TorchNetwork& network, TrainingData& data, std::size_t batch_size, torch::Device device,
                      const std::function<ValidationErrors()>& errors);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_REFIT_H_

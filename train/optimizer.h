// SPDX-License-Identifier: Apache-2.0
// How weights follow gradients.
#ifndef POSENET_TRAIN_OPTIMIZER_H_
#define POSENET_TRAIN_OPTIMIZER_H_

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "train/optimizer_options.h"

namespace posenet::train {

/// An optimiser of a network's parameters and of a loss' own, which learn kLossRateFactor times as fast: s_x and s_q
/// have a few units to go, weights some hundredths.
class Optimizer {
 public:
  Optimizer(const OptimizerOptions& options, const std::vector<torch::Tensor>& network,
            const std::vector<torch::Tensor>& loss);

  /// Computes the gradients of `loss` and takes a step, at `rate` times the learning rate. Throws TrainError when the
  /// loss or a gradient is not finite: the weights are then as they were.
  void Step(const torch::Tensor& loss, std::int64_t step, std::int64_t total_steps, double rate = 1.0);

  torch::optim::Optimizer& state() { return *optimizer_; }

  static constexpr double kLossRateFactor = 20.0;

 private:
  OptimizerOptions options_;
  std::vector<torch::Tensor> parameters_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_OPTIMIZER_H_

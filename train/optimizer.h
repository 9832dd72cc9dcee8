// SPDX-License-Identifier: Apache-2.0
// Gradient descent with what keeps it from diverging: warm-up, gradient clipping and lower rates for pretrained layers.
#ifndef POSENET_TRAIN_OPTIMIZER_H_
#define POSENET_TRAIN_OPTIMIZER_H_

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "train/optimizer_options.h"

namespace posenet::train {

/// All trained parameters, by the rate at which they learn.
struct TrainedParameters {
  std::vector<torch::Tensor> pretrained;  ///< Learn at kPretrainedRate times the learning rate.
  std::vector<torch::Tensor> random;      ///< Learn at the learning rate; wide layers slower: see kFullRateInputs.
  std::vector<torch::Tensor> loss;        ///< Of PoseLoss: learn at kLossRate times the learning rate.
};

/// An optimizer with gradient clipping and a learning-rate schedule.
class Optimizer {
 public:
  Optimizer(const OptimizerOptions& options, const TrainedParameters& parameters);

  /// Computes the gradients of `loss` and takes step `step` of `total_steps`. Throws TrainError if the loss or a
  /// gradient is not finite; the parameters are unchanged then.
  void Step(const torch::Tensor& loss, std::int64_t step, std::int64_t total_steps);

  torch::optim::Optimizer& state() { return *optimizer_; }

  /// Pretrained layers start near a solution, without batch normalization. At the full rate, Adam's first steps, which
  /// all point in one direction, push many of their units to where they are 0 for every image. No gradient leads back
  /// from there, and the network collapses to the mean pose.
  static constexpr double kPretrainedRate = 0.3;
  /// Fully connected layers with n > kFullRateInputs inputs learn at kFullRateInputs / n times the learning rate. Adam
  /// moves every weight by about the learning rate, so an output moves by n times as much if all move in one direction,
  /// as they do at first. Without this, one step can move poses by more than the size of the scene. Yang and Hu et al.
  /// 2021, "Tensor Programs V", derive rates proportional to 1 / n.
  static constexpr double kFullRateInputs = 256.0;
  /// s_x and s_q change by a few units during training, weights by a few hundredths.
  static constexpr double kLossRate = 20.0;

 private:
  OptimizerOptions options_;
  std::vector<double> rates_;  // Of each group, relative to the learning rate.
  std::vector<torch::Tensor> network_parameters_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_OPTIMIZER_H_

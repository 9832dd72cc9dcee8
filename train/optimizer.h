// SPDX-License-Identifier: Apache-2.0
// How weights follow gradients, and how fast over time.
#ifndef POSENET_TRAIN_OPTIMIZER_H_
#define POSENET_TRAIN_OPTIMIZER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <torch/torch.h>

namespace posenet::train {

enum class OptimizerKind { kAdam, kAdamW, kSgd, kAdaGrad };
std::string_view OptimizerName(OptimizerKind kind);
std::optional<OptimizerKind> OptimizerOf(std::string_view name);

enum class ScheduleKind {
  kConstant,
  kStep,    ///< A tenth after each third of the training.
  kCosine,  ///< Half a cosine, down to 0.
};
std::string_view ScheduleName(ScheduleKind kind);
std::optional<ScheduleKind> ScheduleOf(std::string_view name);

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::kAdamW;
  double learning_rate = 5e-4;
  double weight_decay = 1e-4;  ///< Of weights, not of biases, nor of what a loss learns.
  ScheduleKind schedule = ScheduleKind::kCosine;
  std::int64_t warmup_steps = 100;  ///< In which the rate rises evenly from 0; a tenth of shorter trainings.
  double max_gradient_norm = 10.0;  ///< Longer gradients are shortened to it; 0 for none.
};

/// The learning rate at `step` of `total_steps`, as a share of OptimizerOptions::learning_rate.
double ScheduleAt(const OptimizerOptions& options, std::int64_t step, std::int64_t total_steps);

/// An optimiser of a network's parameters and of a loss' own, which learn kLossRateFactor times as fast: s_x and s_q
/// have a few units to go, weights some hundredths.
class Optimizer {
 public:
  Optimizer(const OptimizerOptions& options, const std::vector<torch::Tensor>& network,
            const std::vector<torch::Tensor>& loss);

  /// Computes the gradients of `loss` and takes a step. Throws TrainError when the loss or a gradient is not finite:
  /// the weights are then as they were.
  void Step(const torch::Tensor& loss, std::int64_t step, std::int64_t total_steps);

  torch::optim::Optimizer& state() { return *optimizer_; }

  static constexpr double kLossRateFactor = 20.0;

 private:
  OptimizerOptions options_;
  std::vector<torch::Tensor> parameters_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_OPTIMIZER_H_

// SPDX-License-Identifier: Apache-2.0
// Which optimizer, and its hyperparameters.
#ifndef POSENET_TRAIN_OPTIMIZER_OPTIONS_H_
#define POSENET_TRAIN_OPTIMIZER_OPTIONS_H_

#include <optional>
#include <string_view>

#include "train/schedule.h"

namespace posenet::train {

enum class OptimizerKind { kAdam, kAdamW, kSgd, kAdaGrad };
/// "adam", "adamw", "sgd", "adagrad"; and back.
std::string_view OptimizerName(OptimizerKind kind);
std::optional<OptimizerKind> OptimizerOf(std::string_view name);

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::kAdamW;
  double learning_rate = 1e-3;
  double weight_decay = 1e-4;  ///< Of weights only, not of biases or the loss's own parameters.
  Schedule schedule;
  double max_gradient_norm = 10.0;  ///< Longer gradients are scaled down to it; 0 for no limit.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_OPTIMIZER_OPTIONS_H_

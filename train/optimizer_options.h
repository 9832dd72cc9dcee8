// SPDX-License-Identifier: Apache-2.0
// How fast weights follow gradients over time.
#ifndef POSENET_TRAIN_OPTIMIZER_OPTIONS_H_
#define POSENET_TRAIN_OPTIMIZER_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string_view>

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
  double learning_rate = 1e-3;
  double weight_decay = 1e-4;  ///< Of weights, not of biases, nor of what a loss learns.
  ScheduleKind schedule = ScheduleKind::kCosine;
  std::int64_t warmup_steps = 100;  ///< In which the rate rises evenly from 0; a tenth of shorter trainings.
  double max_gradient_norm = 10.0;  ///< Longer gradients are shortened to it; 0 for none.
};

/// The learning rate at `step` of `total_steps`, as a share of OptimizerOptions::learning_rate.
double ScheduleAt(const OptimizerOptions& options, std::int64_t step, std::int64_t total_steps);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_OPTIMIZER_OPTIONS_H_

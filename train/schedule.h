// SPDX-License-Identifier: Apache-2.0
// The learning rate over the course of a training.
#ifndef POSENET_TRAIN_SCHEDULE_H_
#define POSENET_TRAIN_SCHEDULE_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace posenet::train {

enum class ScheduleKind {
  kConstant,
  kStep,    ///< A tenth of the rate after each third of the training.
  kCosine,  ///< Half a cosine, down to 0.
};
/// "constant", "step", "cosine"; and back.
std::string_view ScheduleName(ScheduleKind kind);
std::optional<ScheduleKind> ScheduleOf(std::string_view name);

/// How the learning rate changes from step to step. Everything is a share of the training, nothing a number of steps:
/// a short training is a long one in fast motion.
struct Schedule {
  ScheduleKind kind = ScheduleKind::kCosine;
  /// The first share of the training, in which the rate rises linearly from 0. Adam knows the size of gradients only
  /// after some steps; until then each step moves every weight by the full rate, all in one direction.
  double warmup = 0.1;
};

/// The learning rate at `step` of `total_steps` as a share of the highest one, in (0, 1].
double RateShareAt(const Schedule& schedule, std::int64_t step, std::int64_t total_steps);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_SCHEDULE_H_

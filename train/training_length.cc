// SPDX-License-Identifier: Apache-2.0
#include "train/training_length.h"

#include <algorithm>
#include <cmath>

namespace posenet::train {

std::int64_t StepsWithin(double seconds_left, double seconds_per_step, std::int64_t steps_done,
                         std::int64_t steps_per_epoch, std::int64_t max_steps) {
  const double fitting = std::max(0.0, std::floor(seconds_left / seconds_per_step));
  const double epochs = (static_cast<double>(steps_done) + fitting) / static_cast<double>(steps_per_epoch);
  if (epochs * static_cast<double>(steps_per_epoch) >= static_cast<double>(max_steps)) return max_steps;
  const std::int64_t whole_epochs = std::max<std::int64_t>(1, static_cast<std::int64_t>(epochs));
  return std::clamp(whole_epochs * steps_per_epoch, steps_done, std::max(steps_done, max_steps));
}

}  // namespace posenet::train

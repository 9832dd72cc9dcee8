// SPDX-License-Identifier: Apache-2.0
// How many epochs fit into a given time.
#ifndef POSENET_TRAIN_TRAINING_LENGTH_H_
#define POSENET_TRAIN_TRAINING_LENGTH_H_

#include <cstdint>

namespace posenet::train {

/// Speed is measured over these steps of a run, counted from its start; the first steps are slower than the rest.
inline constexpr std::int64_t kFirstTimedStep = 5;
inline constexpr std::int64_t kLastTimedStep = 25;

/// The steps of a training of whole epochs, `max_steps` or as many fewer as end within `seconds_left` from now, at
/// `seconds_per_step`, after `steps_done`: at least one epoch, and at least those steps.
std::int64_t StepsWithin(double seconds_left, double seconds_per_step, std::int64_t steps_done,
                         std::int64_t steps_per_epoch, std::int64_t max_steps);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TRAINING_LENGTH_H_

// SPDX-License-Identifier: Apache-2.0
// What a training reports while it runs.
#ifndef POSENET_TRAIN_TRAIN_EVENTS_H_
#define POSENET_TRAIN_TRAIN_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace posenet::train {

/// Median errors on the held-out frames.
struct ValidationErrors {
  double position = 0.0;  ///< In the scene's units.
  double rotation_deg = 0.0;
};

/// After each step.
struct StepReport {
  std::int64_t step = 0;         ///< Steps completed.
  std::int64_t total_steps = 0;  ///< 0 while the length of the training is not known yet.
  std::int64_t images = 0;       ///< Processed in this run; a resumed training is a new run.
  double seconds = 0.0;          ///< Of this run.
};

/// After each epoch.
struct EpochReport {
  std::int64_t epoch = 0;  ///< Epochs completed.
  std::int64_t step = 0;
  double seconds = 0.0;  ///< Of the training, earlier runs included.
  std::int64_t images = 0;
  double loss = 0.0;           ///< Mean over the epoch, as are the two below.
  double position_loss = 0.0;  ///< Distance in the network's units.
  double rotation_loss = 0.0;
  double s_x = 0.0;
  double s_q = 0.0;
  double learning_rate = 0.0;
  std::optional<ValidationErrors> validation;
  bool is_best = false;  ///< The best validation errors so far.
};

/// Callbacks, each of which may be empty. All run on the caller's thread, except `on_image`.
struct TrainEvents {
  std::function<void(std::size_t done, std::size_t total)> on_image;  ///< One more image was read.
  std::function<void(const std::string& message)> on_message;
  std::function<void(const StepReport&)> on_step;
  std::function<void(const EpochReport&)> on_epoch;
  std::function<bool()> should_stop;  ///< Polled before each step.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TRAIN_EVENTS_H_

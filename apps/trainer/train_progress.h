// SPDX-License-Identifier: Apache-2.0
// The progress of a training on standard error.
#ifndef POSENET_TRAINER_TRAIN_PROGRESS_H_
#define POSENET_TRAINER_TRAIN_PROGRESS_H_

#include <chrono>
#include <string>

#include "camera/scene.h"
#include "train/train_events.h"

namespace posenet::trainer {

/// Draws a progress bar if standard error is a terminal, and writes a line per epoch, at most one every ten seconds.
class TrainProgress {
 public:
  explicit TrainProgress(LengthUnit units) : units_(units) {}
  ~TrainProgress() { Hide(); }
  TrainProgress(const TrainProgress&) = delete;
  TrainProgress& operator=(const TrainProgress&) = delete;

  void Message(const std::string& message);
  void Step(const train::StepReport& report);
  void Epoch(const train::EpochReport& report);

 private:
  void Hide();

  LengthUnit units_;
  bool is_visible_ = false;
  std::string errors_;  // Of the last epoch.
  std::chrono::steady_clock::time_point last_drawn_;
  double last_line_s_ = -1e9;
  std::int64_t total_steps_ = 0;
};

/// "0.123 m / 1.23 deg"; without "m" if the scene's unit is unknown.
std::string FormatErrors(const train::ValidationErrors& errors, LengthUnit units);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_TRAIN_PROGRESS_H_

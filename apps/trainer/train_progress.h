// SPDX-License-Identifier: Apache-2.0
// What people see of a training.
#ifndef POSENET_TRAINER_TRAIN_PROGRESS_H_
#define POSENET_TRAINER_TRAIN_PROGRESS_H_

#include <chrono>
#include <string>

#include "camera/scene.h"
#include "train/trainer.h"

namespace posenet::trainer {

/// A bar on standard error where that is a terminal, and a line for each epoch (of long trainings, for some of them).
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
  std::string medians_;
  std::chrono::steady_clock::time_point last_drawn_;
  double last_line_s_ = -1e9;
  std::int64_t total_steps_ = 0;
};

/// "0.123 m" or "0.123", and " / 1.23 deg".
std::string FormatMedians(double position, double rotation_deg, LengthUnit units);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_TRAIN_PROGRESS_H_

// SPDX-License-Identifier: Apache-2.0
// The log files of a training.
#ifndef POSENET_TRAINER_TRAINING_LOGS_H_
#define POSENET_TRAINER_TRAINING_LOGS_H_

#include <filesystem>
#include <fstream>
#include <optional>

#include "train/tensorboard.h"
#include "train/train_events.h"

namespace posenet::trainer {

/// A CSV table, and TensorBoard events if wanted. Files are created with the first epoch, after the first model has
/// been written: a training that fails earlier leaves none behind.
class TrainingLogs {
 public:
  /// Appends to an existing table if `append`, otherwise replaces it. `events_folder` may be empty.
  TrainingLogs(std::filesystem::path table, std::filesystem::path events_folder, bool append);

  /// Throws CommandError.
  void Write(const train::EpochReport& report);

 private:
  void Open();
  void WriteEvents(const train::EpochReport& report);

  std::filesystem::path table_path_;
  std::filesystem::path events_folder_;
  bool append_;
  std::ofstream table_;
  std::optional<train::TensorBoardLog> events_;
};

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_TRAINING_LOGS_H_

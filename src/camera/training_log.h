// SPDX-License-Identifier: Apache-2.0
// The log of a training: numbers of each step and epoch.
#ifndef POSENET_CAMERA_TRAINING_LOG_H_
#define POSENET_CAMERA_TRAINING_LOG_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "posenet/result.h"

namespace posenet::camera {

/// A table of numbers; NaN for empty cells.
struct TrainingLog {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;  ///< Each as long as `columns`.

  /// The numbers of the column `name`; empty if there is no such column.
  [[nodiscard]] std::vector<double> Column(std::string_view name) const;
};

/// Reads a log: comma-separated numbers below a line that names the columns, as the trainer writes them (epoch,
/// step, loss, learning_rate, validation_position and so on). Numbers that are not finite become NaN: the log of a
/// training that diverged has some. Errors: those of ReadFile; kCorruptData naming file and line.
Result<TrainingLog> ReadTrainingLog(const std::filesystem::path& path);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_TRAINING_LOG_H_

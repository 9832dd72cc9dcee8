// SPDX-License-Identifier: Apache-2.0
// What was written down while a camera network was trained.
#ifndef POSENET_CLI_TRAINING_LOG_H_
#define POSENET_CLI_TRAINING_LOG_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "camera/scene.h"
#include "posenet/result.h"
#include "report/page.h"

namespace posenet::cli {

/// A table of numbers; nan where a cell is empty.
struct TrainingLog {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;  // As many numbers in each as there are columns.

  /// The numbers of the column of that name, or none if there is no such column.
  [[nodiscard]] std::vector<double> Column(std::string_view name) const;
};

/// Reads a log: comma-separated values, the first line naming the columns. AddTrainingCurves knows epoch, step,
/// seconds, images, loss, position_loss, rotation_loss, s_x, s_q, learning_rate, validation_position and
/// validation_rotation_deg. Errors: those of ReadFile; kCorruptData naming file and line.
Result<TrainingLog> ReadTrainingLog(const std::filesystem::path& path);

/// Adds curves over the steps (or the epochs) of what the log has numbers of.
void AddTrainingCurves(const TrainingLog& log, LengthUnit units, report::Page& page);

}  // namespace posenet::cli

#endif  // POSENET_CLI_TRAINING_LOG_H_

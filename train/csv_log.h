// SPDX-License-Identifier: Apache-2.0
// The course of a training as files: a CSV table, and events for TensorBoard.
#ifndef POSENET_TRAIN_CSV_LOG_H_
#define POSENET_TRAIN_CSV_LOG_H_

#include <filesystem>
#include <string>

#include "train/trainer.h"

namespace posenet::train {

/// The columns of the table, the first line of it.
extern const char* const kCsvHeader;

/// One line of the table, with its end; cells that are not known are empty.
std::string CsvLine(const EpochReport& report);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_CSV_LOG_H_

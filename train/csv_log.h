// SPDX-License-Identifier: Apache-2.0
// The epochs of a training as a CSV table.
#ifndef POSENET_TRAIN_CSV_LOG_H_
#define POSENET_TRAIN_CSV_LOG_H_

#include <string>

#include "train/train_events.h"

namespace posenet::train {

/// The header line.
extern const char* const kCsvHeader;

/// The line of an epoch, with its line end. Unknown values are empty.
std::string CsvLine(const EpochReport& report);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_CSV_LOG_H_

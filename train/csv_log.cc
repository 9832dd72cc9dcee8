// SPDX-License-Identifier: Apache-2.0
#include "train/csv_log.h"

#include <charconv>
#include <optional>

#include "base/strings.h"

namespace posenet::train {
namespace {

// The shortest text that parses to the same number; independent of the locale.
std::string Text(double value) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return {buffer, result.ptr};
}

std::string Text(std::optional<double> value) { return value ? Text(*value) : std::string(); }

}  // namespace

const char* const kCsvHeader =
    "epoch,step,seconds,images,loss,position_loss,rotation_loss,s_x,s_q,learning_rate,validation_position,"
    "validation_rotation_deg\n";

std::string CsvLine(const EpochReport& report) {
  std::optional<double> position;
  std::optional<double> rotation_deg;
  if (report.validation) {
    position = report.validation->position;
    rotation_deg = report.validation->rotation_deg;
  }
  return base::StrCat(report.epoch, ",", report.step, ",", Text(report.seconds), ",", report.images, ",",
                      Text(report.loss), ",", Text(report.position_loss), ",", Text(report.rotation_loss), ",",
                      Text(report.s_x), ",", Text(report.s_q), ",", Text(report.learning_rate), ",", Text(position),
                      ",", Text(rotation_deg), "\n");
}

}  // namespace posenet::train

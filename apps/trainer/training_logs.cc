// SPDX-License-Identifier: Apache-2.0
#include "trainer/training_logs.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "common/command_error.h"
#include "train/csv_log.h"

namespace posenet::trainer {
namespace {

double SecondsSince1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

TrainingLogs::TrainingLogs(std::filesystem::path table, std::filesystem::path events_folder, bool append)
    : table_path_(std::move(table)), events_folder_(std::move(events_folder)), append_(append) {}

void TrainingLogs::Open() {
  std::error_code ignored;
  const bool has_header = append_ && std::filesystem::exists(table_path_, ignored);
  table_.open(table_path_, has_header ? std::ios::app : std::ios::trunc);
  if (!has_header) table_ << train::kCsvHeader;
  if (!events_folder_.empty()) events_.emplace(events_folder_, SecondsSince1970());
}

void TrainingLogs::Write(const train::EpochReport& report) {
  if (!table_.is_open()) Open();
  table_ << train::CsvLine(report) << std::flush;
  if (!table_) throw app::CommandError(app::ExitCode::kFailure, "cannot write " + table_path_.native());
  if (events_) WriteEvents(report);
}

void TrainingLogs::WriteEvents(const train::EpochReport& report) {
  train::Scalars scalars = {{"loss/total", report.loss},
                            {"loss/position", report.position_loss},
                            {"loss/rotation", report.rotation_loss},
                            {"loss/s_x", report.s_x},
                            {"loss/s_q", report.s_q},
                            {"learning_rate", report.learning_rate}};
  if (report.validation) {
    scalars.emplace_back("validation/position", report.validation->position);
    scalars.emplace_back("validation/rotation_deg", report.validation->rotation_deg);
  }
  events_->Write(SecondsSince1970(), report.step, scalars);
}

}  // namespace posenet::trainer

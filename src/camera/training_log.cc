// SPDX-License-Identifier: Apache-2.0
#include "camera/training_log.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "base/error.h"
#include "camera/text_file.h"

namespace posenet::camera {
namespace {

std::vector<std::string_view> CellsOf(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    cells.push_back(Trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  return cells;
}

}  // namespace

std::vector<double> TrainingLog::Column(std::string_view name) const {
  const auto column = std::ranges::find(columns, name);
  if (column == columns.end()) return {};
  std::vector<double> values;
  for (const std::vector<double>& row : rows) {
    values.push_back(row[static_cast<std::size_t>(column - columns.begin())]);
  }
  return values;
}

Result<TrainingLog> ReadTrainingLog(const std::filesystem::path& path) {
  POSENET_ASSIGN_OR_RETURN(const TextFile text, TextFile::Read(path));
  TrainingLog log;
  for (const TextLine& line : text.ContentLines()) {
    const std::vector<std::string_view> cells = CellsOf(line.text);
    if (log.columns.empty()) {
      log.columns.assign(cells.begin(), cells.end());
      continue;
    }
    if (cells.size() != log.columns.size()) {
      return text.Corrupt(line, "expected ", log.columns.size(), " cells, got ", cells.size());
    }
    std::vector<double>& row = log.rows.emplace_back();
    for (const std::string_view cell : cells) {
      if (!cell.empty() && !LooksLikeNumber(cell)) {
        return text.Corrupt(line, "expected a number, got '", base::Printable(cell, 60), "'");
      }
      row.push_back(ParseNumber(cell).value_or(std::numeric_limits<double>::quiet_NaN()));
    }
  }
  if (!log.columns.empty()) return log;
  return base::Fail(ErrorCode::kCorruptData, text.Place(0), ": expected a line that names the columns");
}

}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
#include "cli/training_log.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "camera/text_file.h"
#include "report/plot.h"

namespace posenet::cli {
namespace {

std::vector<std::string_view> CellsOf(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    cells.push_back(camera::Trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  return cells;
}

bool HasNumbers(const std::vector<double>& values) {
  return std::ranges::any_of(values, [](double value) { return std::isfinite(value); });
}

// One figure of the columns `names` that have numbers.
void AddCurve(const TrainingLog& log, const std::string& x_name, std::span<const char* const> names,
              const std::string& label, const std::string& caption, report::Page& page) {
  const std::vector<double> x = log.Column(x_name);
  std::vector<report::Series> series;
  for (const char* const name : names) {
    const std::vector<double> y = log.Column(name);
    if (!HasNumbers(y)) continue;
    report::Series curve = {.name = name, .mark = report::Mark::kLine, .points = {}};
    for (std::size_t i = 0; i < y.size(); ++i) {
      // Validation has numbers here and there; the line goes on between them.
      if (std::isfinite(x[i]) && std::isfinite(y[i])) curve.points.push_back({.x = x[i], .y = y[i]});
    }
    series.push_back(std::move(curve));
  }
  if (series.empty()) return;
  page.Figure(report::PlotSvg(series, {.x_label = x_name, .y_label = label}), caption);
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
  POSENET_ASSIGN_OR_RETURN(const camera::TextFile text, camera::TextFile::Read(path));
  TrainingLog log;
  for (const camera::TextLine& line : text.ContentLines()) {
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
      double number = std::numeric_limits<double>::quiet_NaN();
      // A training that went astray says nan or inf, which is worth seeing on its page.
      if (!cell.empty() && !camera::LooksLikeNumber(cell)) {
        return text.Corrupt(line, "expected a number, got '", base::Printable(cell, 60), "'");
      }
      if (const auto finite = camera::ParseNumber(cell); finite.has_value()) number = *finite;
      row.push_back(number);
    }
  }
  if (log.columns.empty()) {
    return base::Fail(ErrorCode::kCorruptData, base::Printable(path.native(), 400),
                      ": expected a line that names columns");
  }
  return log;
}

void AddTrainingCurves(const TrainingLog& log, LengthUnit units, report::Page& page) {
  const std::string x = HasNumbers(log.Column("step")) ? "step" : "epoch";
  if (!HasNumbers(log.Column(x))) return;
  constexpr const char* kLosses[] = {"loss"};
  constexpr const char* kParts[] = {"position_loss", "rotation_loss"};
  constexpr const char* kWeights[] = {"s_x", "s_q"};
  constexpr const char* kRates[] = {"learning_rate"};
  constexpr const char* kPositions[] = {"validation_position"};
  constexpr const char* kRotations[] = {"validation_rotation_deg"};
  page.Heading("Training");
  AddCurve(log, x, kPositions, units == LengthUnit::kMeters ? "m" : "units of the scene",
           "Median position error in validation.", page);
  AddCurve(log, x, kRotations, "degrees", "Median rotation error in validation.", page);
  AddCurve(log, x, kLosses, "loss", "The loss that is minimised.", page);
  AddCurve(log, x, kParts, "loss", "Its parts, before they are weighed.", page);
  AddCurve(log, x, kWeights, "log variance",
           "The learned weights of the parts: exp(-s) each. Kendall and Cipolla 2017, equation 3.", page);
  AddCurve(log, x, kRates, "learning rate", "The learning rate.", page);
}

}  // namespace posenet::cli

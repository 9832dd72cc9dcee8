// SPDX-License-Identifier: Apache-2.0
#include "cli/training_curves.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/camera_tables.h"
#include "report/plot.h"

namespace posenet::cli {
namespace {

bool HasNumbers(const std::vector<double>& values) {
  return std::ranges::any_of(values, [](double value) { return std::isfinite(value); });
}

// One figure of those of the columns `names` that have numbers.
void AddCurve(const camera::TrainingLog& log, const std::string& x_name, std::span<const char* const> names,
              const std::string& label, const std::string& caption, report::Page& page) {
  const std::vector<double> x = log.Column(x_name);
  std::vector<report::Series> series;
  for (const char* const name : names) {
    const std::vector<double> y = log.Column(name);
    if (!HasNumbers(y)) continue;
    report::Series curve = {.name = name, .mark = report::Mark::kLine, .points = {}};
    if (curve.name.ends_with("_loss")) std::ranges::replace(curve.name, '_', ' ');
    for (std::size_t i = 0; i < y.size(); ++i) {
      // Validation has a number every few rows; the line connects them.
      if (std::isfinite(x[i]) && std::isfinite(y[i])) curve.points.push_back({.x = x[i], .y = y[i]});
    }
    series.push_back(std::move(curve));
  }
  if (series.empty()) return;
  page.Figure(report::PlotSvg(series, {.x_label = x_name, .y_label = label}), caption);
}

}  // namespace

void AddTrainingCurves(const camera::TrainingLog& log, LengthUnit units, report::Page& page) {
  const std::string x = HasNumbers(log.Column("step")) ? "step" : "epoch";
  if (!HasNumbers(log.Column(x))) return;
  constexpr const char* kLosses[] = {"loss"};
  constexpr const char* kParts[] = {"position_loss", "rotation_loss"};
  constexpr const char* kWeights[] = {"s_x", "s_q"};
  constexpr const char* kRates[] = {"learning_rate"};
  constexpr const char* kPositions[] = {"validation_position"};
  constexpr const char* kRotations[] = {"validation_rotation_deg"};
  page.Heading("Training");
  AddCurve(log, x, kPositions, UnitName(units), "Median position error on the validation set.", page);
  AddCurve(log, x, kRotations, "degrees", "Median rotation error on the validation set.", page);
  AddCurve(log, x, kLosses, "loss", "Training loss.", page);
  AddCurve(log, x, kParts, "loss", "Position and rotation loss, before weighting.", page);
  AddCurve(log, x, kWeights, "log variance",
           "Learned log variances s of the position and rotation loss, whose weights are exp(-s): Kendall and Cipolla "
           "2017, equation 3.",
           page);
  AddCurve(log, x, kRates, "learning rate", "Learning rate.", page);
}

}  // namespace posenet::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/camera_tables.h"

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/strings.h"
#include "cli/model_report.h"
#include "common/numbers.h"

namespace posenet::cli {
namespace {

constexpr int kLengthDecimals = 3;
constexpr int kAngleDecimals = 2;

nlohmann::ordered_json ErrorJson(const camera::PoseError& error) {
  const auto number = [](double value) { return std::isfinite(value) ? nlohmann::ordered_json(value) : nullptr; };
  return {{"position", number(error.position_m)}, {"rotation_deg", number(error.rotation_deg)}};
}

}  // namespace

std::string FormatLength(double length_m, LengthUnit units) {
  if (!std::isfinite(length_m)) return "-";
  return app::FormatFixed(length_m, kLengthDecimals) + (units == LengthUnit::kMeters ? " m" : "");
}

std::string UnitName(LengthUnit units) { return units == LengthUnit::kMeters ? "m" : "units of the scene"; }

std::string FormatAngle(double angle_deg) {
  return std::isfinite(angle_deg) ? app::FormatFixed(angle_deg, kAngleDecimals) + " deg" : "-";
}

std::string FormatPoseError(const camera::PoseError& error, LengthUnit units) {
  return base::StrCat(FormatLength(error.position_m, units), ", ", FormatAngle(error.rotation_deg));
}

std::vector<std::vector<std::string>> ErrorCells(std::span<const camera::MethodSummary> rows, LengthUnit units) {
  std::vector<std::vector<std::string>> table = {{"", "FRAMES", "MISSING", "MEDIAN", "MEAN", "90TH PERCENTILE"}};
  for (const camera::MethodSummary& row : rows) {
    const camera::ErrorSummary& summary = row.summary;
    table.push_back({base::Printable(row.name), std::to_string(summary.frame_count),
                     std::to_string(summary.missing_count), FormatPoseError(summary.median, units),
                     FormatPoseError(summary.mean, units), FormatPoseError(summary.percentile_90, units)});
  }
  return table;
}

std::vector<std::vector<std::string>> ShareCells(std::span<const camera::MethodSummary> rows) {
  std::vector<std::vector<std::string>> table = {{"WITHIN"}};
  for (const camera::Threshold& threshold : camera::kThresholds) table.front().emplace_back(threshold.name);
  for (const camera::MethodSummary& row : rows) {
    table.push_back({base::Printable(row.name)});
    for (const double share : row.summary.shares) table.back().push_back(app::FormatFixed(100.0 * share, 1) + " %");
  }
  return table;
}

std::string FormatErrorTable(std::span<const camera::MethodSummary> rows, LengthUnit units) {
  return FormatTable(ErrorCells(rows, units));
}

std::string FormatShareTable(std::span<const camera::MethodSummary> rows, LengthUnit units) {
  return units == LengthUnit::kMeters ? FormatTable(ShareCells(rows)) : "";
}

nlohmann::ordered_json SummaryJson(const camera::ErrorSummary& summary) {
  nlohmann::ordered_json json;
  json["frames"] = summary.frame_count;
  json["missing"] = summary.missing_count;
  json["median"] = ErrorJson(summary.median);
  json["mean"] = ErrorJson(summary.mean);
  json["percentile_90"] = ErrorJson(summary.percentile_90);
  for (std::size_t i = 0; i < camera::kThresholds.size(); ++i) {
    json["within"][std::string(camera::kThresholds[i].name)] = summary.shares[i];
  }
  return json;
}

}  // namespace posenet::cli

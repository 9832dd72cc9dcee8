// SPDX-License-Identifier: Apache-2.0
// Errors of camera poses as text and JSON, the same in every command that has them.
#ifndef POSENET_CLI_CAMERA_TABLES_H_
#define POSENET_CLI_CAMERA_TABLES_H_

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "camera/metrics.h"
#include "camera/scene.h"

namespace posenet::cli {

/// Whose errors, and what they are.
struct ErrorRow {
  std::string name;
  camera::ErrorSummary summary;
};

/// "0.024 m", or "0.024" in arbitrary units; "-" where it is infinite.
std::string FormatLength(double length_m, LengthUnit units);
/// "0.77 deg"; "-" where it is infinite.
std::string FormatAngle(double angle_deg);
/// "0.024 m, 0.77 deg".
std::string FormatPoseError(const camera::PoseError& error, LengthUnit units);

/// A line for each row: frames, those that are missing, median, mean and 90th percentile.
std::string FormatErrorTable(std::span<const ErrorRow> rows, LengthUnit units);

/// A line for each row: the share of frames within each of camera::kThresholds. Thresholds are metres: nothing in
/// arbitrary units.
std::string FormatShareTable(std::span<const ErrorRow> rows, LengthUnit units);

/// The cells of these tables, heads first.
std::vector<std::vector<std::string>> ErrorCells(std::span<const ErrorRow> rows, LengthUnit units);
std::vector<std::vector<std::string>> ShareCells(std::span<const ErrorRow> rows);

/// One summary; figures that are not finite are null.
nlohmann::ordered_json SummaryJson(const camera::ErrorSummary& summary);

}  // namespace posenet::cli

#endif  // POSENET_CLI_CAMERA_TABLES_H_

// SPDX-License-Identifier: Apache-2.0
// Errors of camera poses as tables and JSON, the same in every command.
#ifndef POSENET_CLI_CAMERA_TABLES_H_
#define POSENET_CLI_CAMERA_TABLES_H_

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "camera/evaluation.h"
#include "camera/metrics.h"
#include "camera/scene.h"

namespace posenet::cli {

/// "0.024 m", or "0.024" in arbitrary units; "-" if it is infinite.
std::string FormatLength(double length_m, LengthUnit units);
/// "m" or "units of the scene", for labels.
std::string UnitName(LengthUnit units);
/// "0.77 deg"; "-" if it is infinite.
std::string FormatAngle(double angle_deg);
/// "0.024 m, 0.77 deg".
std::string FormatPoseError(const camera::PoseError& error, LengthUnit units);

/// A line for each method: the number of frames and of missing ones, median, mean and 90th percentile.
std::string FormatErrorTable(std::span<const camera::MethodSummary> rows, LengthUnit units);

/// A line for each method: the share of frames within each of camera::kThresholds. Thresholds are in meters: empty for
/// arbitrary units.
std::string FormatShareTable(std::span<const camera::MethodSummary> rows, LengthUnit units);

/// The cells of these tables, the header row first.
std::vector<std::vector<std::string>> ErrorCells(std::span<const camera::MethodSummary> rows, LengthUnit units);
std::vector<std::vector<std::string>> ShareCells(std::span<const camera::MethodSummary> rows);

/// One summary; numbers that are not finite are null.
nlohmann::ordered_json SummaryJson(const camera::ErrorSummary& summary);

}  // namespace posenet::cli

#endif  // POSENET_CLI_CAMERA_TABLES_H_

// SPDX-License-Identifier: Apache-2.0
// Estimated camera poses beside the true ones, as text, JSON and a page: the same for the poses of a file and those of
// a network.
#ifndef POSENET_CLI_CAMERA_SCORING_H_
#define POSENET_CLI_CAMERA_SCORING_H_

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "camera/metrics.h"
#include "camera/pose_file.h"
#include "camera/scene.h"
#include "cli/camera_report.h"
#include "cli/camera_tables.h"
#include "report/page.h"

namespace posenet::cli {

/// The true poses, and what is known of the place.
struct PoseTruth {
  std::vector<camera::NamedPose> frames;
  std::vector<std::string> sequences;         // Parallel to frames.
  std::vector<std::filesystem::path> images;  // Parallel to frames, for scenes.
  LengthUnit units = LengthUnit::kMeters;
  std::vector<std::string> remarks;
  std::vector<ErrorCurve> baselines;  // Of scenes.
};

void AddFrame(const camera::Frame& frame, PoseTruth& truth);

/// The test frames of `scene`, and what its training frames give away.
PoseTruth TruthOfTestFrames(const camera::Scene& scene);

/// All that is printed.
struct PoseScore {
  ErrorRow estimates;
  std::vector<camera::PoseError> errors;  // Parallel to the frames of the truth.
  std::vector<ErrorRow> baselines;
  std::vector<ErrorRow> sequences;  // Where there are several.
  std::vector<std::string> remarks;
};

/// Compares `estimates`, parallel to the frames of `truth`, and calls them `name`.
PoseScore ScorePoses(const PoseTruth& truth, std::span<const std::optional<camera::RigidPose>> estimates,
                     const std::string& name);

std::string FormatScore(const PoseScore& score, LengthUnit units);
nlohmann::ordered_json ScoreJson(const PoseScore& score, LengthUnit units);

/// Adds the tables, remarks and error curves.
void AddScore(const PoseTruth& truth, const PoseScore& score, report::Page& page);
/// Adds maps of the true and the estimated cameras.
void AddScoreMaps(const PoseTruth& truth, std::span<const std::optional<camera::RigidPose>> estimates,
                  report::Page& page);
/// Adds the frames with the largest position errors, worst first; missing ones are the worst.
void AddWorst(const PoseTruth& truth, const PoseScore& score, report::Page& page);

}  // namespace posenet::cli

#endif  // POSENET_CLI_CAMERA_SCORING_H_

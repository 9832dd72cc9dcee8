// SPDX-License-Identifier: Apache-2.0
// A camera::PoseScore as text, JSON and parts of a report page: the same for the poses of a file and for those of a
// network.
#ifndef POSENET_CLI_CAMERA_SCORING_H_
#define POSENET_CLI_CAMERA_SCORING_H_

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>

#include "camera/evaluation.h"
#include "camera/scene.h"
#include "report/page.h"

namespace posenet::cli {

std::string FormatScore(const camera::PoseScore& score, LengthUnit units);
nlohmann::ordered_json ScoreJson(const camera::PoseScore& score, LengthUnit units);

/// Adds the tables, remarks and error curves.
void AddScore(const camera::GroundTruth& truth, const camera::PoseScore& score, report::Page& page);
/// Adds maps of the true and the estimated cameras. `estimates` are parallel to the frames of `truth`.
void AddScoreMaps(const camera::GroundTruth& truth, std::span<const std::optional<camera::RigidPose>> estimates,
                  report::Page& page);
/// Adds the frames with the largest position errors, worst first; those without an estimate come first.
void AddWorst(const camera::GroundTruth& truth, const camera::PoseScore& score, report::Page& page);

}  // namespace posenet::cli

#endif  // POSENET_CLI_CAMERA_SCORING_H_

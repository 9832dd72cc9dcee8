// SPDX-License-Identifier: Apache-2.0
// A camera network's answers about the test photos of a scene, measured.
#ifndef POSENET_CLI_CAMERA_EVALUATION_H_
#define POSENET_CLI_CAMERA_EVALUATION_H_

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "camera/scene.h"
#include "cli/camera_scoring.h"
#include "cli/training_log.h"
#include "common/camera_engine.h"
#include "posenet/camera.h"

namespace posenet::cli {

/// Whether retrieval by the network's features is a baseline, for which it looks at all training photos.
enum class Retrieval { kMeasured, kSkipped };

struct CameraEvaluation {
  std::string model;  ///< The file's name.
  std::string scene;  ///< What the model was trained on.
  CameraLocalizerOptions options;
  int sequence_length = 1;
  PoseTruth truth;
  std::vector<std::optional<camera::RigidPose>> estimates;  // Parallel to the frames of the truth, as is:
  std::vector<std::optional<CameraUncertainty>> uncertainties;
  PoseScore score;
  std::vector<double> frame_ms;  ///< The time that each test photo took, without reading.
  std::size_t failure_count = 0;
};

/// Throws CommandError (kUsage) when a test frame's name has a space in it, which lists of poses cannot have.
void CheckListedNames(const camera::Scene& scene);

/// Runs `model` on the test frames of `scene`; each failure is a line on standard error and the rest goes on. Throws
/// CommandError: kUsage when the model cannot do what `options` ask for; on interruption.
CameraEvaluation EvaluateCameraModel(const camera::Scene& scene, const app::CameraModel& model,
                                     const CameraLocalizerOptions& options, Retrieval retrieval);

/// The estimates as a list of poses.
std::string FormatEstimates(const CameraEvaluation& evaluation);

std::string FormatEvaluation(const CameraEvaluation& evaluation);
nlohmann::ordered_json EvaluationJson(const CameraEvaluation& evaluation);

/// Writes the page. Throws CommandError when it cannot be written.
void WriteEvaluationReport(const CameraEvaluation& evaluation, const std::optional<TrainingLog>& log,
                           const std::filesystem::path& folder);

}  // namespace posenet::cli

#endif  // POSENET_CLI_CAMERA_EVALUATION_H_

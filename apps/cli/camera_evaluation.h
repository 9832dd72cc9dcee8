// SPDX-License-Identifier: Apache-2.0
// Runs a camera model on the test photos of a scene and prints how good it is.
#ifndef POSENET_CLI_CAMERA_EVALUATION_H_
#define POSENET_CLI_CAMERA_EVALUATION_H_

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "camera/evaluation.h"
#include "camera/scene.h"
#include "camera/training_log.h"
#include "common/camera_engine.h"
#include "posenet/camera.h"

namespace posenet::cli {

/// Whether feature retrieval is among the baselines, for which the network runs on all training photos.
enum class Retrieval { kMeasured, kSkipped };

struct CameraEvaluation {
  std::string model;  ///< Its file's name.
  std::string scene;  ///< What the model was trained on.
  CameraLocalizerOptions options;
  int sequence_length = 1;
  camera::GroundTruth truth;
  std::vector<std::optional<camera::RigidPose>> estimates;      ///< Parallel to truth.frames.
  std::vector<std::optional<CameraUncertainty>> uncertainties;  ///< Parallel to truth.frames.
  camera::PoseScore score;
  std::vector<double> frame_ms;  ///< Time of each test photo, without reading.
  std::size_t failure_count = 0;
};

/// Throws CommandError (kUsage) if a test frame's name contains white space, which pose lists cannot represent.
void CheckListedNames(const camera::Scene& scene);

/// Runs `model` on the test frames of `scene`. Prints a line to standard error for each photo that fails, and
/// continues. Throws CommandError: kUsage if the model does not support `options`; on interruption.
CameraEvaluation EvaluateCameraModel(const camera::Scene& scene, const app::CameraModel& model,
                                     const CameraLocalizerOptions& options, Retrieval retrieval);

/// The estimates as a pose list.
std::string FormatEstimates(const CameraEvaluation& evaluation);

std::string FormatEvaluation(const CameraEvaluation& evaluation);
nlohmann::ordered_json EvaluationJson(const CameraEvaluation& evaluation);

/// Writes the report page into `folder`. Throws CommandError if it cannot be written.
void WriteEvaluationReport(const CameraEvaluation& evaluation, const std::optional<camera::TrainingLog>& log,
                           const std::filesystem::path& folder);

}  // namespace posenet::cli

#endif  // POSENET_CLI_CAMERA_EVALUATION_H_

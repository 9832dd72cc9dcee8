// SPDX-License-Identifier: Apache-2.0
// Estimated camera poses compared with the true ones: errors by frame and by sequence, beside those of baselines.
#ifndef POSENET_CAMERA_EVALUATION_H_
#define POSENET_CAMERA_EVALUATION_H_

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "camera/metrics.h"
#include "camera/pose_file.h"
#include "camera/scene.h"
#include "posenet/camera.h"

namespace posenet::camera {

/// The errors of one method on each frame of a GroundTruth.
struct MethodErrors {
  std::string name;
  std::vector<PoseError> errors;
};

/// Their summary.
struct MethodSummary {
  std::string name;
  ErrorSummary summary;
};

/// The true poses of the frames to evaluate.
struct GroundTruth {
  std::vector<NamedPose> frames = {};
  std::vector<std::string> sequences = {};         ///< Parallel to `frames`.
  std::vector<std::filesystem::path> images = {};  ///< Parallel to `frames` if they are of a scene; else empty.
  LengthUnit units = LengthUnit::kMeters;
  std::vector<std::string> remarks = {};     ///< Of the scene's reader, for people.
  std::vector<MethodErrors> baselines = {};  ///< Of scenes: "constant pose" and "oracle retrieval", in this order.
};

/// Appends `frame` to the lists of `truth`.
void AddFrame(const Frame& frame, GroundTruth& truth);

/// The test frames of `scene`, with baselines that use its training frames.
GroundTruth TestFramesOf(const Scene& scene);

/// How good the estimates of one method are.
struct PoseScore {
  MethodErrors estimates;
  ErrorSummary summary;                  ///< Of `estimates`.
  std::vector<MethodSummary> baselines;  ///< Of the ground truth.
  std::vector<MethodSummary> sequences;  ///< In natural order; empty if there is only one.
  std::vector<std::string> remarks;
};

/// Compares `estimates` of the method `name`, parallel to the frames of `truth`.
PoseScore ScorePoses(const GroundTruth& truth, std::span<const std::optional<RigidPose>> estimates,
                     const std::string& name);

/// Errors of feature retrieval: of giving each test frame of `scene` the true pose of the training frame with the most
/// similar features. Estimates are parallel to the frames of their split, and have features. Frames without an estimate
/// are kMissing.
std::vector<PoseError> FeatureRetrievalErrors(const Scene& scene,
                                              std::span<const std::optional<CameraEstimate>> training,
                                              std::span<const std::optional<CameraEstimate>> test);

/// Errors and uncertainties of the frames that have both, each list parallel to the others.
struct ErrorsWithUncertainty {
  std::vector<double> position_errors;
  std::vector<double> position_stds;  ///< CameraUncertainty::position_total_std.
  std::vector<double> rotation_errors_deg;
  std::vector<double> rotation_stds_deg;
};
/// `errors` and `uncertainties` are parallel.
ErrorsWithUncertainty PairErrorsWithUncertainty(std::span<const PoseError> errors,
                                                std::span<const std::optional<CameraUncertainty>> uncertainties);

/// Whether a network knows when it is wrong.
struct UncertaintySummary {
  PoseError median_std;
  std::optional<double> position_correlation;  ///< base::RankCorrelation of errors and uncertainties.
  std::optional<double> rotation_correlation;
};
/// Nothing for no frames.
std::optional<UncertaintySummary> SummarizeUncertainty(const ErrorsWithUncertainty& frames);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_EVALUATION_H_

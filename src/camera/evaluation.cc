// SPDX-License-Identifier: Apache-2.0
#include "camera/evaluation.h"

#include <algorithm>
#include <cstddef>
#include <map>

#include "base/natural_order.h"
#include "base/statistics.h"
#include "camera/baselines.h"
#include "camera/retrieval.h"

namespace posenet::camera {
namespace {

std::vector<MethodSummary> SummarizeSequences(const GroundTruth& truth, std::span<const PoseError> errors) {
  std::map<std::string, std::vector<PoseError>> errors_of;
  for (std::size_t i = 0; i < errors.size(); ++i) errors_of[truth.sequences[i]].push_back(errors[i]);
  if (errors_of.size() < 2) return {};
  std::vector<MethodSummary> summaries;
  summaries.reserve(errors_of.size());
  for (const auto& [name, of_sequence] : errors_of) summaries.push_back({name, Summarize(of_sequence)});
  std::ranges::sort(summaries, base::NaturalLess, &MethodSummary::name);
  return summaries;
}

}  // namespace

void AddFrame(const Frame& frame, GroundTruth& truth) {
  truth.frames.push_back({.name = frame.name,
                          .time_s = frame.time_s,
                          .world_from_cam = frame.world_from_cam,
                          .origin = frame.origin,
                          .image = frame.image.native()});
  truth.sequences.push_back(frame.sequence);
  truth.images.push_back(frame.image);
}

GroundTruth TestFramesOf(const Scene& scene) {
  GroundTruth truth;
  truth.units = scene.units;
  truth.remarks = scene.remarks;
  for (const Frame& frame : scene.frames) {
    if (frame.split == Split::kTest) AddFrame(frame, truth);
  }
  const std::vector<RigidPose> training = PosesOf(scene, Split::kTrain);
  const std::vector<RigidPose> test = PosesOf(scene, Split::kTest);
  truth.baselines = {{"constant pose", ConstantErrors(training, test)},
                     {"oracle retrieval", OracleRetrievalErrors(training, test, NearnessScaleOf(scene))}};
  return truth;
}

PoseScore ScorePoses(const GroundTruth& truth, std::span<const std::optional<RigidPose>> estimates,
                     const std::string& name) {
  PoseScore score;
  score.estimates.name = name;
  std::vector<PoseError>& errors = score.estimates.errors;
  for (std::size_t i = 0; i < truth.frames.size(); ++i) {
    errors.push_back(estimates[i] ? ErrorOf(truth.frames[i].world_from_cam, *estimates[i]) : kMissing);
  }
  score.summary = Summarize(errors);
  for (const MethodErrors& baseline : truth.baselines) {
    score.baselines.push_back({baseline.name, Summarize(baseline.errors)});
  }
  score.sequences = SummarizeSequences(truth, errors);
  score.remarks = truth.remarks;
  return score;
}

std::vector<PoseError> FeatureRetrievalErrors(const Scene& scene,
                                              std::span<const std::optional<CameraEstimate>> training,
                                              std::span<const std::optional<CameraEstimate>> test) {
  const std::vector<RigidPose> training_poses = PosesOf(scene, Split::kTrain);
  const std::vector<RigidPose> truth = PosesOf(scene, Split::kTest);
  FeatureIndex index;
  std::vector<RigidPose> indexed;
  for (std::size_t i = 0; i < training_poses.size(); ++i) {
    if (!training[i]) continue;
    index.Add(training[i]->features);
    indexed.push_back(training_poses[i]);
  }
  std::vector<PoseError> errors;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    std::optional<std::size_t> nearest;
    if (test[i]) nearest = index.Nearest(test[i]->features);
    errors.push_back(nearest ? ErrorOf(truth[i], indexed[*nearest]) : kMissing);
  }
  return errors;
}

ErrorsWithUncertainty PairErrorsWithUncertainty(std::span<const PoseError> errors,
                                                std::span<const std::optional<CameraUncertainty>> uncertainties) {
  ErrorsWithUncertainty frames;
  for (std::size_t i = 0; i < uncertainties.size(); ++i) {
    const std::optional<CameraUncertainty>& uncertainty = uncertainties[i];
    if (!uncertainty) continue;
    frames.position_errors.push_back(errors[i].position_m);
    frames.position_stds.push_back(uncertainty->position_total_std);
    frames.rotation_errors_deg.push_back(errors[i].rotation_deg);
    frames.rotation_stds_deg.push_back(uncertainty->rotation_std_deg);
  }
  return frames;
}

std::optional<UncertaintySummary> SummarizeUncertainty(const ErrorsWithUncertainty& frames) {
  if (frames.position_stds.empty()) return std::nullopt;
  return UncertaintySummary{
      .median_std = {base::Quantile(frames.position_stds, 0.5), base::Quantile(frames.rotation_stds_deg, 0.5)},
      .position_correlation = base::RankCorrelation(frames.position_errors, frames.position_stds),
      .rotation_correlation = base::RankCorrelation(frames.rotation_errors_deg, frames.rotation_stds_deg)};
}

}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
#include "cli/camera_evaluation.h"

#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/strings.h"
#include "camera/metrics.h"
#include "camera/retrieval.h"
#include "cli/camera_outputs.h"
#include "cli/camera_tables.h"
#include "cli/localize_frames.h"
#include "cli/model_report.h"
#include "common/command_error.h"
#include "common/numbers.h"
#include "common/pose_json.h"
#include "report/page.h"
#include "report/plot.h"

namespace posenet::cli {
namespace {

// Errors of answering each test frame with the pose of the training photo whose features are nearest.
std::vector<camera::PoseError> RetrievalErrors(const camera::Scene& scene, const LocalizedFrames& training,
                                               const LocalizedFrames& test) {
  const std::vector<camera::RigidPose> training_poses = camera::PosesOf(scene, camera::Split::kTrain);
  const std::vector<camera::RigidPose> truth = camera::PosesOf(scene, camera::Split::kTest);
  camera::FeatureIndex index;
  std::vector<camera::RigidPose> indexed;
  for (std::size_t i = 0; i < training_poses.size(); ++i) {
    if (!training.estimates[i]) continue;
    index.Add(training.estimates[i]->features);
    indexed.push_back(training_poses[i]);
  }
  std::vector<camera::PoseError> errors;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    std::optional<std::size_t> nearest;
    if (test.estimates[i]) nearest = index.Nearest(test.estimates[i]->features);
    errors.push_back(nearest ? camera::ErrorOf(truth[i], indexed[*nearest]) : camera::kMissing);
  }
  return errors;
}

// What photos look like, not how sure the network is: one look at the centre of each.
LocalizedFrames LookAtTraining(const camera::Scene& scene, const app::CameraModel& model,
                               CameraLocalizerOptions options) {
  options.crops = 1;
  options.uncertainty_passes = 0;
  return LocalizeFrames(app::CreateLocalizer(model, options), scene, camera::Split::kTrain, app::ReadAhead::kOne);
}

// Errors and uncertainties of the frames that have both.
struct ErrorsBesideUncertainty {
  std::vector<double> position_errors;
  std::vector<double> position_stds;
  std::vector<double> rotation_errors;
  std::vector<double> rotation_stds;
};

ErrorsBesideUncertainty BesideUncertainty(const CameraEvaluation& evaluation) {
  ErrorsBesideUncertainty beside;
  for (std::size_t i = 0; i < evaluation.uncertainties.size(); ++i) {
    const std::optional<CameraUncertainty>& uncertainty = evaluation.uncertainties[i];
    if (!uncertainty) continue;
    beside.position_errors.push_back(evaluation.score.errors[i].position_m);
    beside.rotation_errors.push_back(evaluation.score.errors[i].rotation_deg);
    beside.position_stds.push_back(uncertainty->position_total_std);
    beside.rotation_stds.push_back(uncertainty->rotation_std_deg);
  }
  return beside;
}

// Median uncertainties, and their rank correlations with the errors.
struct UncertaintySummary {
  camera::PoseError median_std;
  std::optional<double> position_correlation;
  std::optional<double> rotation_correlation;
};

// Nothing where uncertainty was not asked for, or no frame has any.
std::optional<UncertaintySummary> SummarizeUncertainty(const CameraEvaluation& evaluation) {
  const ErrorsBesideUncertainty beside = BesideUncertainty(evaluation);
  if (beside.position_stds.empty()) return std::nullopt;
  return UncertaintySummary{
      .median_std = {camera::Quantile(beside.position_stds, 0.5), camera::Quantile(beside.rotation_stds, 0.5)},
      .position_correlation = camera::RankCorrelation(beside.position_errors, beside.position_stds),
      .rotation_correlation = camera::RankCorrelation(beside.rotation_errors, beside.rotation_stds)};
}

std::string FormatCorrelation(const std::optional<double>& correlation) {
  return correlation ? app::FormatFixed(*correlation, 2) : "-";
}

// What was measured, and how.
std::vector<std::vector<std::string>> ProtocolRows(const CameraEvaluation& evaluation) {
  const CameraLocalizerOptions& options = evaluation.options;
  std::vector<std::vector<std::string>> rows = {{"model", base::Printable(evaluation.model)}};
  if (!evaluation.scene.empty()) rows.push_back({"trained on", base::Printable(evaluation.scene)});
  if (evaluation.sequence_length > 1) {
    rows.push_back({"windows", base::StrCat("of ", evaluation.sequence_length, " consecutive photos")});
  }
  if (options.crops > 1) rows.push_back({"crops", base::StrCat("about ", options.crops, " of each photo")});
  if (!evaluation.frame_ms.empty()) {
    rows.push_back({"time", base::StrCat(app::FormatFixed(camera::Quantile(evaluation.frame_ms, 0.5), 1),
                                         " ms a photo (median), ", options.instruction_set, ", ", options.thread_count,
                                         options.thread_count == 1 ? " thread" : " threads")});
  }
  if (const auto summary = SummarizeUncertainty(evaluation)) {
    rows.push_back({"uncertainty", base::StrCat("median ", FormatPoseError(summary->median_std, evaluation.truth.units),
                                                " of ", options.uncertainty_passes, " passes")});
    rows.push_back(
        {"rank correlation", base::StrCat("with the error: position ", FormatCorrelation(summary->position_correlation),
                                          ", rotation ", FormatCorrelation(summary->rotation_correlation))});
  }
  return rows;
}

void AddDots(std::span<const double> stds, std::span<const double> errors, const std::string& x_label,
             const std::string& y_label, const std::string& caption, report::Page& page) {
  report::Series dots = {.name = "test photos", .mark = report::Mark::kDots, .points = {}};
  for (std::size_t i = 0; i < stds.size(); ++i) dots.points.push_back({.x = stds[i], .y = errors[i]});
  page.Figure(report::PlotSvg(std::span(&dots, 1), {.x_label = x_label, .y_label = y_label}), caption);
}

void AddUncertainty(const CameraEvaluation& evaluation, report::Page& page) {
  const auto summary = SummarizeUncertainty(evaluation);
  if (!summary) return;
  const ErrorsBesideUncertainty beside = BesideUncertainty(evaluation);
  const std::string unit = evaluation.truth.units == LengthUnit::kMeters ? "m" : "units of the scene";
  page.Heading("Does it know when it is wrong?");
  AddDots(beside.position_stds, beside.position_errors, "uncertainty, " + unit, "position error, " + unit,
          "Position errors and the standard deviation of the positions under dropout; rank correlation " +
              FormatCorrelation(summary->position_correlation) + ".",
          page);
  AddDots(beside.rotation_stds, beside.rotation_errors, "uncertainty, degrees", "rotation error, degrees",
          "Rotation errors and the spread of the rotations under dropout; rank correlation " +
              FormatCorrelation(summary->rotation_correlation) + ".",
          page);
}

}  // namespace

void CheckListedNames(const camera::Scene& scene) {
  std::vector<std::string> names;
  for (const camera::Frame& frame : scene.frames) {
    if (frame.split == camera::Split::kTest) names.push_back(frame.name);
  }
  CheckPoseNames(names);
}

CameraEvaluation EvaluateCameraModel(const camera::Scene& scene, const app::CameraModel& model,
                                     const CameraLocalizerOptions& options, Retrieval retrieval) {
  CameraLocalizerOptions with_features = options;
  const bool has_features = app::HasFeatures(model);
  const bool retrieves = retrieval == Retrieval::kMeasured && has_features;
  if (retrieves) with_features.features = CameraFeatures::kReturned;
  const CameraLocalizer localizer = app::CreateLocalizer(model, with_features);
  CameraEvaluation evaluation;
  evaluation.model = model.file.filename().native();
  evaluation.scene = localizer.scene().name;
  evaluation.options = localizer.options();
  evaluation.sequence_length = localizer.scene().sequence_length;
  evaluation.truth = TruthOfTestFrames(scene);
  if (app::UnitsOf(localizer) != scene.units) {
    evaluation.truth.remarks.push_back(base::StrCat("lengths of the model are ",
                                                    app::UnitsName(app::UnitsOf(localizer)), ", those of the scene ",
                                                    app::UnitsName(scene.units)));
  }
  if (!has_features) evaluation.truth.remarks.emplace_back("the model answers no features to retrieve photos by");
  // Reading ahead would share the cores with the network and spoil its time.
  const LocalizedFrames test = LocalizeFrames(localizer, scene, camera::Split::kTest, app::ReadAhead::kNone);
  evaluation.frame_ms = test.frame_ms;
  evaluation.failure_count = test.failure_count;
  for (const std::optional<CameraEstimate>& estimate : test.estimates) {
    evaluation.estimates.push_back(estimate ? std::optional(app::ToRigidPose(estimate->pose)) : std::nullopt);
    evaluation.uncertainties.push_back(estimate ? estimate->uncertainty : std::nullopt);
  }
  if (retrieves) {
    const LocalizedFrames training = LookAtTraining(scene, model, with_features);
    evaluation.failure_count += training.failure_count;
    // Before the oracle, which is the best that it can be.
    evaluation.truth.baselines.insert(std::prev(evaluation.truth.baselines.end()),
                                      {.name = "feature retrieval", .errors = RetrievalErrors(scene, training, test)});
  }
  evaluation.score = ScorePoses(evaluation.truth, evaluation.estimates, evaluation.model);
  return evaluation;
}

std::string FormatEstimates(const CameraEvaluation& evaluation) {
  std::vector<camera::NamedPose> poses;
  for (std::size_t i = 0; i < evaluation.estimates.size(); ++i) {
    if (!evaluation.estimates[i]) continue;
    poses.push_back({.name = evaluation.truth.frames[i].name, .world_from_cam = *evaluation.estimates[i]});
  }
  return camera::FormatPoseList(poses);
}

std::string FormatEvaluation(const CameraEvaluation& evaluation) {
  return FormatTable(ProtocolRows(evaluation)) + "\n" + FormatScore(evaluation.score, evaluation.truth.units);
}

nlohmann::ordered_json EvaluationJson(const CameraEvaluation& evaluation) {
  nlohmann::ordered_json json = ScoreJson(evaluation.score, evaluation.truth.units);
  const CameraLocalizerOptions& options = evaluation.options;
  json["model"] = {{"file", app::ValidUtf8(evaluation.model)},
                   {"scene", app::ValidUtf8(evaluation.scene)},
                   {"sequence_length", evaluation.sequence_length},
                   {"crops", options.crops}};
  if (!evaluation.frame_ms.empty()) {
    json["time"] = {{"median_ms", camera::Quantile(evaluation.frame_ms, 0.5)},
                    {"instruction_set", options.instruction_set},
                    {"threads", options.thread_count}};
  }
  if (const auto summary = SummarizeUncertainty(evaluation)) {
    const auto number = [](const std::optional<double>& value) {
      return value ? nlohmann::ordered_json(*value) : nullptr;
    };
    json["uncertainty"] = {
        {"passes", options.uncertainty_passes},
        {"median_position", summary->median_std.position_m},
        {"median_rotation_deg", summary->median_std.rotation_deg},
        {"rank_correlation",
         {{"position", number(summary->position_correlation)}, {"rotation", number(summary->rotation_correlation)}}}};
  }
  return json;
}

void WriteEvaluationReport(const CameraEvaluation& evaluation, const std::optional<TrainingLog>& log,
                           const std::filesystem::path& folder) {
  report::Page page("Camera poses of " + evaluation.model);
  page.Facts(ProtocolRows(evaluation));
  AddScore(evaluation.truth, evaluation.score, page);
  AddScoreMaps(evaluation.truth, evaluation.estimates, page);
  AddUncertainty(evaluation, page);
  if (log) AddTrainingCurves(*log, evaluation.truth.units, page);
  AddWorst(evaluation.truth, evaluation.score, page);
  app::ValueOrThrow(page.Write(folder));
}

}  // namespace posenet::cli

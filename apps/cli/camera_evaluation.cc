// SPDX-License-Identifier: Apache-2.0
#include "cli/camera_evaluation.h"

#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/statistics.h"
#include "base/strings.h"
#include "camera/camera_model.h"
#include "camera/camera_spec.h"
#include "camera/network_pose.h"
#include "cli/camera_outputs.h"
#include "cli/camera_scoring.h"
#include "cli/camera_tables.h"
#include "cli/localize_frames.h"
#include "cli/model_report.h"
#include "cli/training_curves.h"
#include "common/command_error.h"
#include "common/numbers.h"
#include "common/pose_json.h"
#include "model/model_spec.h"
#include "report/page.h"
#include "report/plot.h"

namespace posenet::cli {
namespace {

// Features need neither dropout nor several crops.
LocalizedFrames LocalizeTraining(const camera::Scene& scene, const app::CameraModel& model,
                                 CameraLocalizerOptions options) {
  options.crops = 1;
  options.uncertainty_passes = 0;
  return LocalizeFrames(app::CreateLocalizer(model, options), scene, camera::Split::kTrain, app::ReadAhead::kOne);
}

camera::ErrorsWithUncertainty PairedErrors(const CameraEvaluation& evaluation) {
  return camera::PairErrorsWithUncertainty(evaluation.score.estimates.errors, evaluation.uncertainties);
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
    rows.push_back({"sequences", base::StrCat("windows of ", evaluation.sequence_length, " consecutive photos")});
  }
  if (options.crops > 1) rows.push_back({"crops", base::StrCat("about ", options.crops, " of each photo")});
  if (!evaluation.frame_ms.empty()) {
    rows.push_back(
        {"time", base::StrCat(app::FormatFixed(base::Quantile(evaluation.frame_ms, 0.5), 1), " ms per photo (median), ",
                              options.instruction_set, ", ", base::Counted(options.thread_count, "thread"))});
  }
  if (const auto summary = camera::SummarizeUncertainty(PairedErrors(evaluation))) {
    rows.push_back({"uncertainty", base::StrCat("median ", FormatPoseError(summary->median_std, evaluation.truth.units),
                                                ", ", options.uncertainty_passes, " passes")});
    rows.push_back({"rank correlation", base::StrCat("of uncertainty and error: position ",
                                                     FormatCorrelation(summary->position_correlation), ", rotation ",
                                                     FormatCorrelation(summary->rotation_correlation))});
  }
  return rows;
}

void AddDots(std::span<const double> stds, std::span<const double> errors, const report::PlotOptions& labels,
             const std::string& caption, report::Page& page) {
  report::Series dots = {.name = "test photos", .mark = report::Mark::kDots, .points = {}};
  for (std::size_t i = 0; i < stds.size(); ++i) dots.points.push_back({.x = stds[i], .y = errors[i]});
  page.Figure(report::PlotSvg(std::span(&dots, 1), labels), caption);
}

void AddUncertainty(const CameraEvaluation& evaluation, report::Page& page) {
  const camera::ErrorsWithUncertainty frames = PairedErrors(evaluation);
  const auto summary = camera::SummarizeUncertainty(frames);
  if (!summary) return;
  const std::string unit = UnitName(evaluation.truth.units);
  page.Heading("Uncertainty");
  AddDots(frames.position_stds, frames.position_errors,
          {.x_label = "uncertainty, " + unit, .y_label = "position error, " + unit},
          "Position error over the standard deviation of the position under dropout; rank correlation " +
              FormatCorrelation(summary->position_correlation) + ".",
          page);
  AddDots(frames.rotation_stds_deg, frames.rotation_errors_deg,
          {.x_label = "uncertainty, degrees", .y_label = "rotation error, degrees"},
          "Rotation error over the standard deviation of the rotation under dropout; rank correlation " +
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
  const bool has_features = camera::HasFeatures(model::LoadedModelOf(model.model).spec.network);
  const bool retrieves = retrieval == Retrieval::kMeasured && has_features;
  if (retrieves) with_features.features = CameraFeatures::kReturned;
  const CameraLocalizer localizer = app::CreateLocalizer(model, with_features);
  CameraEvaluation evaluation;
  evaluation.model = model.file.filename().native();
  evaluation.scene = localizer.scene().name;
  evaluation.options = localizer.options();
  evaluation.sequence_length = localizer.scene().sequence_length;
  evaluation.truth = camera::TestFramesOf(scene);
  if (app::UnitsOf(localizer) != scene.units) {
    evaluation.truth.remarks.push_back(base::StrCat("units of the model are ",
                                                    camera::LengthUnitName(app::UnitsOf(localizer)),
                                                    ", those of the scene ", camera::LengthUnitName(scene.units)));
  }
  if (!has_features) {
    evaluation.truth.remarks.emplace_back("the model outputs no features: retrieval was not measured");
  }
  // Reading ahead would compete with the network for the cores and distort its time.
  const LocalizedFrames test = LocalizeFrames(localizer, scene, camera::Split::kTest, app::ReadAhead::kNone);
  evaluation.frame_ms = test.frame_ms;
  evaluation.failure_count = test.failure_count;
  for (const std::optional<CameraEstimate>& estimate : test.estimates) {
    evaluation.estimates.push_back(estimate ? std::optional(camera::RigidPoseOf(estimate->pose)) : std::nullopt);
    evaluation.uncertainties.push_back(estimate ? estimate->uncertainty : std::nullopt);
  }
  if (retrieves) {
    const LocalizedFrames training = LocalizeTraining(scene, model, with_features);
    evaluation.failure_count += training.failure_count;
    // Before the oracle, the upper bound of retrieval.
    evaluation.truth.baselines.insert(
        std::prev(evaluation.truth.baselines.end()),
        {"feature retrieval", camera::FeatureRetrievalErrors(scene, training.estimates, test.estimates)});
  }
  evaluation.score = camera::ScorePoses(evaluation.truth, evaluation.estimates, evaluation.model);
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
    json["time"] = {{"median_ms", base::Quantile(evaluation.frame_ms, 0.5)},
                    {"instruction_set", options.instruction_set},
                    {"threads", options.thread_count}};
  }
  if (const auto summary = camera::SummarizeUncertainty(PairedErrors(evaluation))) {
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

void WriteEvaluationReport(const CameraEvaluation& evaluation, const std::optional<camera::TrainingLog>& log,
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

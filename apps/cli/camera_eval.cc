// SPDX-License-Identifier: Apache-2.0
// posenet camera eval
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/strings.h"
#include "camera/training_log.h"
#include "cli/camera_evaluation.h"
#include "cli/commands.h"
#include "common/camera_engine.h"
#include "common/camera_options.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/option_checks.h"
#include "common/standard_streams.h"
#include "common/text_output.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCameraEvalDescription =
    "Measure the accuracy of a camera model on the test photos of its scene. Prints the median, mean and 90th "
    "percentile of the errors and the shares of photos within the thresholds of the literature, and compares them with "
    "baselines: one constant pose, the pose of the training photo with the most similar features (feature retrieval), "
    "and the training pose nearest to the true one (oracle retrieval).";

const std::string kCameraEvalFooter =
    base::StrCat(R"(A network that is no better than retrieval has only memorized its training
photos. Feature retrieval runs the network on all of them; --no-retrieval saves
that time.

With --uncertainty the rank correlation of error and uncertainty is printed: 1
if larger errors always come with larger uncertainty, 0 if they are unrelated.

The report has training curves if there is a training log: --log, or
NAME.log.csv in the same folder as the model NAME.safetensors.

)",
                 app::kSceneFormatsHelp, R"(

Examples:
  posenet camera eval redkitchen/ --model redkitchen.safetensors
  posenet camera eval chess/ --model chess.safetensors --uncertainty 40 \
      --report chess-report

)",
                 app::ExitStatusHelp("success", "some photos failed, or a file is damaged or could not be written"));

struct CameraEvalOptions {
  app::SceneOptions scene;
  app::LocalizerOptions localizer;
  Retrieval retrieval = Retrieval::kMeasured;
  bool as_json = false;
  std::string poses;
  std::string log;
  std::string report;
};

// The log of `options`, or that of the model; nothing if there is none.
std::optional<camera::TrainingLog> FindLog(const CameraEvalOptions& options, const fs::path& model) {
  if (!options.log.empty()) return app::FileValueOrThrow(camera::ReadTrainingLog(options.log));
  const fs::path beside = fs::path(model).replace_extension(".log.csv");
  std::error_code ignored;
  if (!fs::is_regular_file(beside, ignored)) return std::nullopt;
  return app::ValueOrThrow(camera::ReadTrainingLog(beside));
}

void CheckCameraOptions(const CameraEvalOptions& options) {
  if (!options.log.empty() && options.report.empty())
    throw app::UsageError("--log has no effect without --report, which shows its curves");
}

app::ExitCode EvalCamera(const CameraEvalOptions& options) {
  CheckCameraOptions(options);
  const camera::Scene scene = app::ReadSceneOrThrow(options.scene, camera::Photos::kRequired);
  app::ValueOrThrow(camera::RequireSoundRotations(scene));
  const app::CameraModel model = app::LoadCameraModel(options.localizer);
  std::optional<camera::TrainingLog> log;
  if (!options.report.empty()) log = FindLog(options, model.file);
  std::optional<app::TextOutput> poses;
  if (!options.poses.empty()) {
    CheckListedNames(scene);
    poses = app::TextOutput::File(options.poses);
  }
  const CameraEvaluation evaluation = EvaluateCameraModel(scene, model, options.localizer.localizer, options.retrieval);
  if (poses) {
    poses->Write(FormatEstimates(evaluation));
    poses->Commit();
  }
  if (!options.report.empty()) WriteEvaluationReport(evaluation, log, options.report);
  app::WriteStandardOutput(options.as_json ? EvaluationJson(evaluation).dump(2) + "\n" : FormatEvaluation(evaluation));
  return evaluation.failure_count == 0 ? app::ExitCode::kSuccess : app::ExitCode::kFailure;
}

}  // namespace

void AddCameraEval(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<CameraEvalOptions>();
  CLI::App& app = *parent.add_subcommand("eval", kCameraEvalDescription)->group(app::kCommandGroup);
  app.footer(kCameraEvalFooter);
  app::AddSceneOptions(app, options->scene);
  app::AddLocalizerOptions(app, options->localizer);
  app.add_flag_callback(
         "--no-retrieval", [options = options.get()] { options->retrieval = Retrieval::kSkipped; },
         "Skip feature retrieval, which runs the network on all training photos.")
      ->group("Baselines");
  const char* const group = "Output";
  app.add_flag("--json", options->as_json, "Print one JSON object instead of tables.")->group(group);
  app::AddPath(
      app, "--poses", options->poses, "FILE",
      "Write the estimates as lines 'name qw qx qy qz tx ty tz', world to camera, the format of 'posenet camera score' "
      "and of the visual localization benchmarks.")
      ->group(group);
  app::AddPath(
      app, "--report", options->report, "FOLDER",
      "Write a report with error curves, maps of true and estimated cameras, training curves, error over uncertainty "
      "and the worst photos: one self-contained file, FOLDER/index.html.")
      ->group(group);
  app::AddPath(app, "--log", options->log, "FILE",
               "The training log, a CSV file, for the report. [NAME.log.csv of the model]")
      ->group(group);
  app.callback([options, &action] { action = [options] { return EvalCamera(*options); }; });
}

}  // namespace posenet::cli

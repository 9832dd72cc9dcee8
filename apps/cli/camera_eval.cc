// SPDX-License-Identifier: Apache-2.0
// posenet camera eval
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/strings.h"
#include "cli/camera_evaluation.h"
#include "cli/commands.h"
#include "cli/training_log.h"
#include "common/camera_engine.h"
#include "common/camera_options.h"
#include "common/command_error.h"
#include "common/option_checks.h"
#include "common/standard_streams.h"
#include "common/text_output.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCameraEvalDescription =
    "Measures how well a model knows its scene. Runs the network on the test photos and prints the median, mean and "
    "90th percentile of its errors and the shares of photos within the thresholds of the literature, beside what comes "
    "free of charge: one constant pose, the pose of the training photo whose features are nearest, and that of the "
    "training photo that truly is nearest.";

const std::string kCameraEvalFooter =
    base::StrCat(R"(A network that is no better than retrieval has learnt to remember photos.
Retrieval looks at every training photo, too; --no-retrieval saves that time.

With --uncertainty the rank correlation of error and uncertainty is printed: 1
if the network knows exactly which of its answers are worse than others, 0 if it
does not know at all.

The report shows training curves where there is a log of the training: --log, or
NAME.log.csv beside the model NAME.safetensors.

)",
                 app::kSceneFormatsHelp, R"(

Examples:
  posenet camera eval redkitchen/ --model redkitchen.safetensors
  posenet camera eval chess/ --model chess.safetensors --uncertainty 40 \
      --report chess-report

Exit status: 0 all photos were answered; 1 some failed, or a file is damaged or
could not be written; 2 the command line is wrong; 130 interrupted.)");

struct CameraEvalOptions {
  app::SceneOptions scene;
  app::LocalizerOptions localizer;
  Retrieval retrieval = Retrieval::kMeasured;
  bool as_json = false;
  std::string poses;
  std::string log;
  std::string report;
};

// The log that `options` name, or the one beside the model; nothing where there is none.
std::optional<TrainingLog> FindLog(const CameraEvalOptions& options, const fs::path& model) {
  if (!options.log.empty()) return app::FileValueOrThrow(ReadTrainingLog(options.log));
  const fs::path beside = fs::path(model).replace_extension(".log.csv");
  std::error_code ignored;
  if (!fs::is_regular_file(beside, ignored)) return std::nullopt;
  return app::ValueOrThrow(ReadTrainingLog(beside));
}

void CheckCameraOptions(const CameraEvalOptions& options) {
  if (!options.log.empty() && options.report.empty())
    throw app::UsageError("--log is for --report, which shows its curves");
}

app::ExitCode EvalCamera(const CameraEvalOptions& options) {
  CheckCameraOptions(options);
  const camera::Scene scene = app::ReadSceneOrThrow(options.scene, camera::Photos::kRequired);
  app::ValueOrThrow(camera::RequireSoundRotations(scene));
  const app::CameraModel model = app::LoadCameraModel(options.localizer);
  std::optional<TrainingLog> log;
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
         "Leave out retrieval by the network's features, which looks at all training photos.")
      ->group("Network");
  const char* const group = "Output";
  app.add_flag("--json", options->as_json, "Print one JSON object instead of tables.")->group(group);
  app::AddPath(
      app, "--poses", options->poses, "FILE",
      "Write the estimates as 'name qw qx qy qz tx ty tz' lines, world to camera, which 'posenet camera score' and "
      "the benchmarks read.")
      ->group(group);
  app::AddPath(
      app, "--report", options->report, "FOLDER",
      "Write a page, index.html, with error curves, maps of true and estimated cameras, training curves, error "
      "against uncertainty and the worst photos: one file that needs no network.")
      ->group(group);
  app::AddPath(app, "--log", options->log, "FILE", "The log of the training, a CSV file, for the report.")
      ->group(group);
  app.callback([options, &action] { action = [options] { return EvalCamera(*options); }; });
}

}  // namespace posenet::cli

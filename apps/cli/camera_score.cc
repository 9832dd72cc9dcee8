// SPDX-License-Identifier: Apache-2.0
// posenet camera score
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/natural_order.h"
#include "base/strings.h"
#include "camera/pose_file.h"
#include "cli/camera_scoring.h"
#include "cli/commands.h"
#include "common/camera_options.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/option_checks.h"
#include "common/standard_streams.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScoreDescription =
    "Measure the accuracy of camera poses that were estimated by any method. Compares a file of estimates with the "
    "true poses, by name or by time, and prints the median, mean and 90th percentile of the errors and the shares of "
    "frames within the thresholds of the literature. A frame without an estimate counts as a failure.";

const std::string kScoreFooter =
    base::StrCat(R"(Formats of pose files:
  list       'name qw qx qy qz tx ty tz' per line, world to camera, as written
             by hloc, ACE and the benchmarks; more fields may follow
  TUM        'timestamp tx ty tz qx qy qz qw' per line, camera to world
  7-Scenes   a folder with a .pose.txt file for each frame, camera to world
GROUND_TRUTH is one of these, or a scene. Of a scene its test frames are used,
and baselines from its training frames are printed too. Without a test split all
frames are used; --holdout holds some out.

Errors are the distance between the camera centers and the angle between the
rotations, 2 acos |q.q'|; some papers report half of that. Frames without an
estimate have infinite errors; only the mean leaves them out.

)",
                 app::kSceneFormatsHelp, R"(

Examples:
  posenet camera score chess_test_ground_truth.txt chess_hloc.txt
  posenet camera score redkitchen/ estimates.txt --json

)",
                 app::ExitStatusHelp("success", "a file is damaged, or no estimate matches a frame"));

struct ScoreOptions {
  app::SceneOptions scene;  // GROUND_TRUTH is its data.
  std::string estimates;
  bool as_json = false;
  std::string report;
};

bool IsScene(const app::SceneOptions& options) {
  std::error_code ignored;
  const fs::path path = options.data;
  return options.format || fs::is_directory(path, ignored) || path.extension() == ".csv" || path.extension() == ".json";
}

camera::GroundTruth TruthOfScene(const app::SceneOptions& options) {
  const camera::Scene scene = app::ReadSceneOrThrow(options, camera::Photos::kOptional);
  app::ValueOrThrow(camera::RequireSoundRotations(scene));
  if (scene.split_origin != camera::SplitOrigin::kHeldOut || options.holdout) return camera::TestFramesOf(scene);
  camera::GroundTruth truth;
  truth.units = scene.units;
  for (const camera::Frame& frame : scene.frames) camera::AddFrame(frame, truth);
  truth.remarks.emplace_back("the scene has no test split: all of its frames are used");
  return truth;
}

camera::GroundTruth TruthOfFile(const std::string& path) {
  camera::PoseFile file = app::FileValueOrThrow(camera::ReadPoseFile(path));
  camera::GroundTruth truth;
  truth.frames = std::move(file.poses);
  // Lists may have any order; maps connect consecutive frames.
  std::ranges::stable_sort(truth.frames, base::NaturalLess, &camera::NamedPose::name);
  for (const camera::NamedPose& frame : truth.frames) {
    truth.sequences.push_back(fs::path(frame.name).parent_path().generic_string());
  }
  return truth;
}

camera::PoseScore Compare(const camera::GroundTruth& truth, const camera::PoseFile& estimates,
                          const camera::Matches& matches, const std::string& file) {
  const std::string name = fs::path(file).filename().native();
  camera::PoseScore score = camera::ScorePoses(truth, matches.estimates, name.empty() ? "estimates" : name);
  if (!matches.unmatched.empty()) {
    score.remarks.push_back(base::StrCat(matches.unmatched.size(), " of ", estimates.poses.size(),
                                         " estimates match no frame of the ground truth; the first is '",
                                         matches.unmatched.front(), "'"));
  }
  return score;
}

void WriteScoreReport(const camera::GroundTruth& truth, const camera::Matches& matches, const camera::PoseScore& score,
                      const fs::path& folder) {
  report::Page page("Camera poses of " + score.estimates.name);
  AddScore(truth, score, page);
  AddScoreMaps(truth, matches.estimates, page);
  AddWorst(truth, score, page);
  app::ValueOrThrow(page.Write(folder));
}

app::ExitCode RunScore(const ScoreOptions& options) {
  const camera::GroundTruth truth =
      IsScene(options.scene) ? TruthOfScene(options.scene) : TruthOfFile(options.scene.data);
  if (!IsScene(options.scene) && options.scene.holdout) {
    throw app::UsageError("--holdout needs a scene as GROUND_TRUTH; of a pose file all poses are used");
  }
  const camera::PoseFile estimates = app::FileValueOrThrow(camera::ReadPoseFile(options.estimates));
  const camera::Matches matches = app::ValueOrThrow(camera::MatchEstimates(truth.frames, estimates));
  const camera::PoseScore score = Compare(truth, estimates, matches, options.estimates);
  if (!options.report.empty()) WriteScoreReport(truth, matches, score, options.report);
  app::WriteStandardOutput(options.as_json ? ScoreJson(score, truth.units).dump(2) + "\n"
                                           : FormatScore(score, truth.units));
  return app::ExitCode::kSuccess;
}

}  // namespace

void AddCameraScore(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<ScoreOptions>();
  CLI::App& app = *parent.add_subcommand("score", kScoreDescription)->group(app::kCommandGroup);
  app.footer(kScoreFooter);
  app.add_option("GROUND_TRUTH", options->scene.data, "The true poses: a scene, or a pose file.")
      ->required()
      ->option_text(" ");
  app.add_option("ESTIMATES", options->estimates, "The estimated poses: a pose file.")->required()->option_text(" ");
  app::AddSceneReaderOptions(app, options->scene);
  app.add_flag("--json", options->as_json, "Print one JSON object instead of tables.");
  app::AddPath(
      app, "--report", options->report, "FOLDER",
      "Write a report with error curves, maps of true and estimated cameras and the worst frames: one self-contained "
      "file, FOLDER/index.html.");
  app.callback([options, &action] { action = [options] { return RunScore(*options); }; });
}

}  // namespace posenet::cli

// SPDX-License-Identifier: Apache-2.0
// posenet camera score
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "camera/baselines.h"
#include "camera/pose_file.h"
#include "camera_options.h"
#include "camera_report.h"
#include "camera_tables.h"
#include "command_error.h"
#include "commands.h"
#include "numbers.h"
#include "option_checks.h"
#include "pose_json.h"
#include "standard_streams.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScoreDescription =
    "Measures how good estimated camera poses are, whatever method made them. Compares a file of estimates with the "
    "true poses, by name or by time, and prints the median, mean and 90th percentile of the errors and the shares of "
    "frames within the thresholds of the literature. A frame without an estimate is a failure.";

const std::string kScoreFooter = StrCat(R"(Files of poses are
  a list     'name qw qx qy qz tx ty tz' a line, world to camera, as hloc, ACE
             and the benchmarks write it; more numbers may follow
  TUM        'timestamp tx ty tz qx qy qz qw' a line, camera to world
  7-Scenes   a folder with a .pose.txt for each frame, camera to world
GROUND_TRUTH may be one of these, or a scene: its test frames are asked for,
and what its training frames give away stands beside the estimates. Without a
test split all frames of a scene count, unless --holdout says otherwise.

Errors are the distance of the camera centres and the angle of the rotation
between, 2 acos |q.q'|; some papers print half of that. Missing frames have
infinite errors; only the mean leaves them out.

)",
                                        kSceneFormatsHelp, R"(

Examples:
  posenet camera score chess_test_ground_truth.txt chess_hloc.txt
  posenet camera score redkitchen/ estimates.txt --json

Exit status: 0 success; 1 a file is damaged, or no estimate is of a known frame;
2 the command line is wrong.)");

struct ScoreOptions {
  SceneOptions scene;  // GROUND_TRUTH is its data.
  std::string estimates;
  bool as_json = false;
  std::string report;
};

// The true poses, and what is known of the place.
struct Truth {
  std::vector<camera::NamedPose> frames;
  std::vector<std::string> sequences;  // Parallel to frames.
  std::vector<fs::path> images;        // Parallel to frames, for scenes.
  camera::Units units = camera::Units::kMetres;
  std::vector<std::string> remarks;
  std::vector<ErrorCurve> baselines;  // Of scenes.
};

bool IsScene(const SceneOptions& options) {
  std::error_code ignored;
  const fs::path path = options.data;
  return options.format || fs::is_directory(path, ignored) || path.extension() == ".csv" || path.extension() == ".json";
}

void AddFrame(const camera::Frame& frame, Truth& truth) {
  truth.frames.push_back(
      {.name = frame.name, .time_s = frame.time_s, .world_from_cam = frame.world_from_cam, .origin = frame.origin});
  truth.sequences.push_back(frame.sequence);
  truth.images.push_back(frame.image);
}

Truth TruthOfScene(const SceneOptions& options) {
  camera::Scene scene = ReadSceneOrThrow(options, camera::Photos::kOptional);
  ValueOrThrow(camera::RequireSoundRotations(scene));
  Truth truth;
  truth.units = scene.units;
  const bool wants_all = scene.split_origin == camera::SplitOrigin::kHeldOut && !options.holdout;
  for (const camera::Frame& frame : scene.frames) {
    if (wants_all || frame.split == camera::Split::kTest) AddFrame(frame, truth);
  }
  if (wants_all) {
    truth.remarks.emplace_back("the scene has no test split: all of its frames count");
    return truth;
  }
  truth.remarks = scene.remarks;
  const std::vector<camera::RigidPose> training = camera::PosesOf(scene, camera::Split::kTrain);
  const std::vector<camera::RigidPose> test = camera::PosesOf(scene, camera::Split::kTest);
  truth.baselines = {
      {"constant pose", camera::ConstantErrors(training, test)},
      {"oracle retrieval", camera::OracleRetrievalErrors(training, test, camera::NearnessScaleOf(scene))}};
  return truth;
}

Truth TruthOfFile(const std::string& path) {
  camera::PoseFile file = FileValueOrThrow(camera::ReadPoseFile(path));
  Truth truth;
  truth.frames = std::move(file.poses);
  // Lists are in any order; maps draw lines from frame to frame.
  std::ranges::stable_sort(truth.frames, camera::NaturalLess, &camera::NamedPose::name);
  for (const camera::NamedPose& frame : truth.frames) {
    truth.sequences.push_back(fs::path(frame.name).parent_path().generic_string());
  }
  return truth;
}

std::vector<camera::PoseError> ErrorsOf(const Truth& truth, const camera::Matches& matches) {
  std::vector<camera::PoseError> errors;
  for (std::size_t i = 0; i < truth.frames.size(); ++i) {
    const auto& estimate = matches.estimates[i];
    errors.push_back(estimate ? camera::ErrorOf(truth.frames[i].world_from_cam, *estimate) : camera::kMissing);
  }
  return errors;
}

// Of each sequence, where there are several.
std::vector<ErrorRow> SequenceRows(const Truth& truth, const std::vector<camera::PoseError>& errors) {
  std::vector<std::string> names;
  std::map<std::string, std::vector<camera::PoseError>> errors_of;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (!errors_of.contains(truth.sequences[i])) names.push_back(truth.sequences[i]);
    errors_of[truth.sequences[i]].push_back(errors[i]);
  }
  if (names.size() < 2) return {};
  std::ranges::sort(names, camera::NaturalLess);
  std::vector<ErrorRow> rows;
  rows.reserve(names.size());
  for (const std::string& name : names) rows.push_back({.name = name, .summary = camera::Summarize(errors_of[name])});
  return rows;
}

// All that is printed.
struct Score {
  ErrorRow estimates;
  std::vector<camera::PoseError> errors;  // Parallel to the frames of the truth.
  std::vector<ErrorRow> baselines;
  std::vector<ErrorRow> sequences;
  std::vector<std::string> remarks;
};

Score Compare(const Truth& truth, const camera::PoseFile& estimates, const camera::Matches& matches,
              const std::string& name) {
  Score score;
  score.errors = ErrorsOf(truth, matches);
  score.estimates = {.name = fs::path(name).filename().native(), .summary = camera::Summarize(score.errors)};
  if (score.estimates.name.empty()) score.estimates.name = "estimates";
  for (const ErrorCurve& baseline : truth.baselines) {
    score.baselines.push_back({.name = baseline.name, .summary = camera::Summarize(baseline.errors)});
  }
  score.sequences = SequenceRows(truth, score.errors);
  score.remarks = truth.remarks;
  if (!matches.unmatched.empty()) {
    score.remarks.push_back(StrCat(matches.unmatched.size(), " of ", estimates.poses.size(),
                                   " estimates are of no frame of the ground truth; the first is '",
                                   matches.unmatched.front(), "'"));
  }
  return score;
}

// The estimates beside the truth.
std::vector<MapLayer> LayersOfScore(const Truth& truth, const camera::Matches& matches) {
  std::vector<MapLayer> layers = {{.name = "true", .poses = {}, .sequences = {}},
                                  {.name = "estimated", .poses = {}, .sequences = {}}};
  for (std::size_t i = 0; i < truth.frames.size(); ++i) {
    layers[0].poses.push_back(truth.frames[i].world_from_cam);
    layers[0].sequences.push_back(truth.sequences[i]);
    if (!matches.estimates[i]) continue;
    layers[1].poses.push_back(*matches.estimates[i]);
    layers[1].sequences.push_back(truth.sequences[i]);
  }
  return layers;
}

// The frames with the largest position errors, worst first; missing ones are the worst.
void AddWorst(const Truth& truth, const Score& score, report::Page& page) {
  constexpr std::size_t kCount = 12;
  std::vector<std::size_t> order(truth.frames.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return score.errors[i].position_m; });
  order.resize(std::min(order.size(), kCount));
  std::vector<std::vector<std::string>> rows = {{"FRAME", "ERROR"}};
  std::vector<PhotoFile> photos;
  for (const std::size_t i : order) {
    const std::string error =
        std::isfinite(score.errors[i].position_m) ? FormatPoseError(score.errors[i], truth.units) : "no estimate";
    rows.push_back({truth.frames[i].name, error});
    if (!truth.images.empty()) {
      photos.push_back({.image = truth.images[i], .caption = StrCat(truth.frames[i].name, ": ", error)});
    }
  }
  page.Heading("The worst frames");
  page.Table(rows);
  AddPhotos(photos, page);
}

void WriteScoreReport(const Truth& truth, const camera::Matches& matches, const Score& score, const fs::path& folder) {
  report::Page page("Camera poses of " + score.estimates.name);
  std::vector<ErrorRow> rows = {score.estimates};
  rows.insert(rows.end(), score.baselines.begin(), score.baselines.end());
  AddErrorTables(rows, truth.units, page);
  for (const std::string& remark : score.remarks) page.Paragraph("Note: " + remark + ".");
  std::vector<ErrorCurve> curves = {{.name = score.estimates.name, .errors = score.errors}};
  curves.insert(curves.end(), truth.baselines.begin(), truth.baselines.end());
  page.Heading("Errors");
  AddErrorCurves(curves, truth.units, page);
  if (!score.sequences.empty()) page.Table(ErrorCells(score.sequences, truth.units));
  page.Heading("Where the cameras were");
  AddMaps(LayersOfScore(truth, matches), truth.units, page);
  AddWorst(truth, score, page);
  ValueOrThrow(page.Write(folder));
}

std::string FormatScore(const Score& score, camera::Units units) {
  std::vector<ErrorRow> rows = {score.estimates};
  rows.insert(rows.end(), score.baselines.begin(), score.baselines.end());
  std::string text = FormatErrorTable(rows, units);
  const std::string shares = FormatShareTable(rows, units);
  if (!shares.empty()) text += "\n" + shares;
  if (!score.sequences.empty()) text += "\nby sequence:\n" + FormatErrorTable(score.sequences, units);
  if (units == camera::Units::kArbitrary) text += "\nlengths are in the units of the scene, which are arbitrary\n";
  if (!score.remarks.empty()) text += "\n";
  for (const std::string& remark : score.remarks) text += "note: " + Printable(remark, 1000) + "\n";
  return text;
}

std::string ScoreJson(const Score& score, camera::Units units) {
  nlohmann::ordered_json json;
  json["name"] = ValidUtf8(score.estimates.name);
  json["units"] = units == camera::Units::kMetres ? "metres" : "arbitrary";
  json.update(SummaryJson(score.estimates.summary));
  for (const ErrorRow& row : score.baselines) json["baselines"][row.name] = SummaryJson(row.summary);
  for (const ErrorRow& row : score.sequences) json["sequences"][ValidUtf8(row.name)] = SummaryJson(row.summary);
  json["notes"] = nlohmann::ordered_json::array();
  for (const std::string& remark : score.remarks) json["notes"].push_back(ValidUtf8(remark));
  return json.dump(2) + "\n";
}

ExitCode RunScore(const ScoreOptions& options) {
  const Truth truth = IsScene(options.scene) ? TruthOfScene(options.scene) : TruthOfFile(options.scene.data);
  if (!IsScene(options.scene) && options.scene.holdout) {
    throw UsageError("--holdout is for a GROUND_TRUTH that is a scene; all poses of a file count");
  }
  const camera::PoseFile estimates = FileValueOrThrow(camera::ReadPoseFile(options.estimates));
  const camera::Matches matches = ValueOrThrow(camera::MatchEstimates(truth.frames, estimates));
  const Score score = Compare(truth, estimates, matches, options.estimates);
  if (!options.report.empty()) WriteScoreReport(truth, matches, score, options.report);
  WriteStandardOutput(options.as_json ? ScoreJson(score, truth.units) : FormatScore(score, truth.units));
  return ExitCode::kSuccess;
}

}  // namespace

void AddCameraScore(CLI::App& parent, Action& action) {
  const auto options = std::make_shared<ScoreOptions>();
  CLI::App& app = *parent.add_subcommand("score", kScoreDescription)->group(kCommandGroup);
  app.footer(kScoreFooter);
  app.add_option("GROUND_TRUTH", options->scene.data, "The true poses: a scene, or a file of poses.")
      ->required()
      ->option_text(" ");
  app.add_option("ESTIMATES", options->estimates, "The file, or folder, of estimated poses.")
      ->required()
      ->option_text(" ");
  AddSceneReaderOptions(app, options->scene);
  app.add_flag("--json", options->as_json, "Print one JSON object instead of tables.");
  AddPath(app, "--report", options->report, "FOLDER",
          "Write a page, index.html, with error curves, maps of true and estimated cameras and the worst frames: one "
          "file that needs no network.");
  app.callback([options, &action] { action = [options] { return RunScore(*options); }; });
}

}  // namespace posenet::cli

// SPDX-License-Identifier: Apache-2.0
// posenet camera inspect
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "base/strings.h"
#include "camera/camera_spec.h"
#include "camera/scene_statistics.h"
#include "cli/camera_report.h"
#include "cli/camera_tables.h"
#include "cli/commands.h"
#include "cli/model_report.h"
#include "common/camera_options.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/pose_json.h"
#include "common/progress.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "media/image_file.h"

namespace posenet::cli {
namespace {

constexpr const char* kInspectDescription =
    "Summarize a scene of posed photos and warn of problems for training. Prints frames, splits, units, extent, "
    "motion between frames, the overlap of test and training views, and the errors of two baselines: one constant "
    "pose, and the training pose nearest to the true one (oracle retrieval). A network that is no better than the "
    "latter has learned only to retrieve photos.";

const std::string kInspectFooter =
    base::StrCat(app::kSceneFormatsHelp, R"(

Errors are distances between camera centers and angles between rotations. A
training view is near a test view if it is within 0.3 m and 10 degrees; outdoors
(if the training views span more than 15 m) 2 m and 5 degrees; in arbitrary
units, a tenth of the span and 10 degrees.

Examples:
  posenet camera inspect redkitchen/
  posenet camera inspect colmap-project/ --holdout 0.1 --check-photos
  posenet camera inspect transforms.json --json

)",
                 app::ExitStatusHelp("the scene can be trained on, perhaps with warnings",
                                     "a file is damaged, or photos are missing"));

struct InspectOptions {
  app::SceneOptions scene;
  bool check_photos = false;
  bool as_json = false;
  std::string report;
};

// A message for each image that cannot be read.
std::vector<std::string> CheckPhotos(const camera::Scene& scene, bool decode) {
  std::vector<std::string> messages;
  app::ProgressBar progress(decode ? scene.frames.size() : 0);
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const camera::Frame& frame = scene.frames[i];
    app::ThrowIfInterrupted();
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(frame.image, ignored)) {
      messages.push_back(
          base::StrCat(frame.origin, ": its image ", base::Printable(frame.image.native(), 400), " does not exist"));
    } else if (decode) {
      const Result<image::Image> image = media::ReadImageFile(frame.image);
      if (!image.has_value()) messages.push_back(base::StrCat(frame.origin, ": ", image.error().message));
      progress.Show(i + 1);
    }
  }
  return messages;
}

std::string FormatPoint(const camera::Vector3& point) {
  return base::StrCat(app::FormatFixed(point.x, 2), " ", app::FormatFixed(point.y, 2), " ",
                      app::FormatFixed(point.z, 2));
}

// The first camera, in pixels of its first image: images may be smaller copies of those that the data describe.
camera::Intrinsics FirstCamera(const camera::Scene& scene) {
  camera::Intrinsics camera = scene.cameras.front();
  const auto frame = std::ranges::find(scene.frames, std::optional<std::size_t>(0), &camera::Frame::camera);
  if (frame == scene.frames.end()) return camera;
  const Result<image::Image> image = media::ReadImageFile(frame->image);
  if (!image.has_value()) return camera;
  camera.focal_x_px *= static_cast<double>(image->width_px) / camera.width_px;
  camera.width_px = image->width_px;
  camera.height_px = image->height_px;
  return camera;
}

std::string FormatIntrinsics(const camera::Scene& scene) {
  if (scene.cameras.empty()) return "none (camera PoseNet does not need them)";
  const camera::Intrinsics camera = FirstCamera(scene);
  return base::StrCat(scene.cameras.size(), scene.cameras.size() == 1 ? " camera, " : " cameras, the first ",
                      camera.width_px, "x", camera.height_px, " pixels, focal length ",
                      app::FormatJsonNumber(camera.focal_x_px, 1), " px");
}

std::vector<std::vector<std::string>> OverviewRows(const camera::Scene& scene,
                                                   const camera::SceneStatistics& statistics, const std::string& data) {
  const bool is_metric = scene.units == LengthUnit::kMeters;
  const auto length = [&](double length_m) { return FormatLength(length_m, scene.units); };
  std::vector<std::vector<std::string>> rows = {
      {"scene", base::Printable(data, 400)},
      {"format", std::string(camera::FormatName(scene.format))},
      {"frames",
       base::StrCat(scene.frames.size(), ": ", statistics.train_count, " for training, ", statistics.test_count,
                    " for testing", scene.split_origin == camera::SplitOrigin::kHeldOut ? " (held out)" : "")},
      {"units", is_metric ? "meters" : "arbitrary: the format defines none"},
      {"intrinsics", FormatIntrinsics(scene)},
      {"points", scene.points_world_m.empty() ? "none" : std::to_string(scene.points_world_m.size())},
      {"centers from", FormatPoint(statistics.low_m)},
      {"to", FormatPoint(statistics.high_m)},
      {"extent", length(statistics.extent_m) + " from corner to corner"},
      {"path", length(statistics.path_m)},
  };
  if (statistics.steps.count > 0) {
    rows.push_back(
        {"steps", base::StrCat("median ", FormatPoseError(statistics.steps.median, scene.units), "; 90 % within ",
                               FormatPoseError(statistics.steps.percentile_90, scene.units), "; largest ",
                               FormatPoseError(statistics.steps.largest, scene.units))});
  }
  const camera::OverlapStatistics& overlap = statistics.overlap;
  rows.push_back(
      {"overlap",
       base::StrCat(app::FormatFixed(100.0 * overlap.near_share, 1), " % of test views have a training view within ",
                    FormatPoseError({overlap.scale.position_m, overlap.scale.rotation_deg}, scene.units), " (",
                    overlap.scale.name, ")")});
  return rows;
}

std::string FormatSequences(const camera::Scene& scene, const camera::SceneStatistics& statistics) {
  if (statistics.sequences.size() < 2) return "";
  std::vector<std::vector<std::string>> rows = {{"SEQUENCE", "TRAIN", "TEST", "PATH"}};
  for (const camera::SequenceStatistics& sequence : statistics.sequences) {
    rows.push_back({base::Printable(sequence.name), std::to_string(sequence.train_count),
                    std::to_string(sequence.test_count), FormatLength(sequence.path_m, scene.units)});
  }
  return "\n" + FormatTable(rows);
}

std::array<camera::MethodSummary, 2> BaselineRows(const camera::SceneStatistics& statistics) {
  return {{{"constant pose", statistics.constant}, {"oracle retrieval", statistics.oracle}}};
}

std::string FormatInspection(const camera::Scene& scene, const camera::SceneStatistics& statistics,
                             const std::string& data, const std::vector<std::string>& warnings) {
  const std::array<camera::MethodSummary, 2> baselines = BaselineRows(statistics);
  std::string text =
      base::StrCat(FormatTable(OverviewRows(scene, statistics, data)), FormatSequences(scene, statistics),
                   "\nbaselines:\n", FormatErrorTable(baselines, scene.units));
  const std::string shares = FormatShareTable(baselines, scene.units);
  if (!shares.empty()) text += "\n" + shares;
  if (!scene.remarks.empty() || !warnings.empty()) text += "\n";
  for (const std::string& remark : scene.remarks) text += "note: " + base::Printable(remark, 1000) + "\n";
  for (const std::string& warning : warnings) text += "warning: " + base::Printable(warning, 1000) + "\n";
  return text;
}

nlohmann::ordered_json PointJson(const camera::Vector3& point) { return {point.x, point.y, point.z}; }

std::vector<std::string> Utf8(const std::vector<std::string>& texts) {
  std::vector<std::string> valid;
  valid.reserve(texts.size());
  for (const std::string& text : texts) valid.push_back(app::ValidUtf8(text));
  return valid;
}

std::string InspectionJson(const camera::Scene& scene, const camera::SceneStatistics& statistics,
                           const std::string& data, const std::vector<std::string>& warnings) {
  nlohmann::ordered_json json;
  json["scene"] = app::ValidUtf8(data);
  json["format"] = camera::FormatName(scene.format);
  json["units"] = camera::LengthUnitName(scene.units);
  json["split"] = scene.split_origin == camera::SplitOrigin::kGiven ? "given" : "held out";
  json["frames"] = {{"train", statistics.train_count}, {"test", statistics.test_count}};
  json["cameras"] = scene.cameras.size();
  json["points"] = scene.points_world_m.size();
  json["low"] = PointJson(statistics.low_m);
  json["high"] = PointJson(statistics.high_m);
  json["extent"] = statistics.extent_m;
  json["path"] = statistics.path_m;
  for (const camera::SequenceStatistics& sequence : statistics.sequences) {
    json["sequences"].push_back({{"name", app::ValidUtf8(sequence.name)},
                                 {"train", sequence.train_count},
                                 {"test", sequence.test_count},
                                 {"path", sequence.path_m}});
  }
  json["overlap"] = {{"position", statistics.overlap.scale.position_m},
                     {"rotation_deg", statistics.overlap.scale.rotation_deg},
                     {"near_share", statistics.overlap.near_share},
                     {"outside", statistics.overlap.outside_count}};
  json["constant"] = SummaryJson(statistics.constant);
  json["oracle_retrieval"] = SummaryJson(statistics.oracle);
  json["notes"] = Utf8(scene.remarks);
  json["warnings"] = Utf8(warnings);
  return json.dump(2) + "\n";
}

// A sample of the frames, evenly spread.
std::vector<PhotoFile> SamplePhotos(const camera::Scene& scene) {
  constexpr std::size_t kCount = 12;
  const std::size_t count = std::min(kCount, scene.frames.size());
  std::vector<PhotoFile> photos;
  for (std::size_t i = 0; i < count; ++i) {
    const camera::Frame& frame = scene.frames[i * scene.frames.size() / count];
    photos.push_back({.image = frame.image, .caption = frame.name});
  }
  return photos;
}

void WriteReport(const camera::Scene& scene, const camera::SceneStatistics& statistics, const InspectOptions& options,
                 const std::vector<std::string>& warnings) {
  report::Page page("Scene " + options.scene.data);
  page.Facts(OverviewRows(scene, statistics, options.scene.data));
  for (const std::string& warning : warnings) page.Warning(warning);
  for (const std::string& remark : scene.remarks) page.Paragraph("Note: " + remark + ".");
  page.Heading("Camera positions");
  AddMaps(LayersOf(scene), scene.units, page);
  page.Heading("Baselines");
  page.Paragraph(
      "Constant pose: the median training center and the mean training rotation, for every test frame. Oracle "
      "retrieval: the training pose nearest to the true one.");
  AddErrorTables(BaselineRows(statistics), scene.units, page);
  const std::vector<camera::RigidPose> training = camera::PosesOf(scene, camera::Split::kTrain);
  const std::vector<camera::RigidPose> test = camera::PosesOf(scene, camera::Split::kTest);
  const std::vector<camera::MethodErrors> curves = {
      {"oracle retrieval", camera::OracleRetrievalErrors(training, test, statistics.overlap.scale)},
      {"constant pose", camera::ConstantErrors(training, test)}};
  AddErrorCurves(curves, scene.units, page);
  page.Heading("Photos");
  AddPhotos(SamplePhotos(scene), page);
  app::ValueOrThrow(page.Write(options.report));
}

app::ExitCode Inspect(const InspectOptions& options) {
  const camera::Scene scene = app::ReadSceneOrThrow(options.scene, camera::Photos::kOptional);
  const camera::SceneStatistics statistics = camera::Describe(scene);
  const std::vector<std::string> unreadable = CheckPhotos(scene, options.check_photos);
  std::vector<std::string> warnings = statistics.warnings;
  if (!unreadable.empty()) {
    warnings.push_back(base::StrCat(unreadable.size(), " of ", scene.frames.size(),
                                    " photos cannot be read; the first: ", unreadable.front()));
  }
  if (!options.report.empty()) WriteReport(scene, statistics, options, warnings);
  app::WriteStandardOutput(options.as_json ? InspectionJson(scene, statistics, options.scene.data, warnings)
                                           : FormatInspection(scene, statistics, options.scene.data, warnings));
  return unreadable.empty() ? app::ExitCode::kSuccess : app::ExitCode::kFailure;
}

}  // namespace

void AddCameraInspect(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<InspectOptions>();
  CLI::App& app = *parent.add_subcommand("inspect", kInspectDescription)->group(app::kCommandGroup);
  app.footer(kInspectFooter);
  app::AddSceneOptions(app, options->scene);
  app.add_flag("--check-photos", options->check_photos, "Decode every photo to find damaged ones.");
  app.add_flag("--json", options->as_json, "Print one JSON object instead of tables.");
  app::AddPath(app, "--report", options->report, "FOLDER",
               "Write a report with maps of the cameras, error curves and sample photos: one self-contained file, "
               "FOLDER/index.html.");
  app.callback([options, &action] { action = [options] { return Inspect(*options); }; });
}

}  // namespace posenet::cli

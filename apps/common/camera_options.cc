// SPDX-License-Identifier: Apache-2.0
#include "common/camera_options.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <utility>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/option_checks.h"

namespace posenet::app {

const char* const kSceneFormatsHelp = R"(The format of a scene is recognized by its files:
  7scenes    seq-01/frame-000000.color.png and .pose.txt, TrainSplit.txt
  cambridge  dataset_train.txt and dataset_test.txt of Cambridge Landmarks
  colmap     cameras, images and points3D as .bin or .txt, also in sparse/0
  nerf       transforms.json, or transforms_train.json and _test.json
  tum        groundtruth.txt and rgb.txt of TUM RGB-D
  csv        poses.csv with image,x,y,z,qw,qx,qy,qz[,split][,sequence][,time]
Poses of all formats are converted to world_from_cam: the camera center, and the
rotation from camera to world, with OpenCV's axes (x right, y down, z forward).
docs/reference/scene-formats.md has the conventions of each format.)";

void AddSceneReaderOptions(CLI::App& app, SceneOptions& options) {
  const auto parse_format = [&options](const CLI::results_t& texts) {
    options.format = camera::FormatOf(texts.front());
    if (options.format) return true;
    throw CLI::ValidationError("--format", base::StrCat("expected 7scenes, cambridge, colmap, nerf, tum or csv, got '",
                                                        base::Printable(texts.front()), "'"));
  };
  app.add_option(
         "--format", parse_format,
         "Format of the data, if it could be two of them: 7scenes, cambridge, colmap, nerf, tum or csv. [recognized]")
      ->option_text("NAME");
  const auto parse_holdout = [&options](const CLI::results_t& texts) {
    options.holdout = ParseFloat(texts.front());
    if (options.holdout && *options.holdout > 0.0F && *options.holdout < 1.0F) return true;
    throw CLI::ValidationError("--holdout", base::StrCat("expected a share of the frames above 0 and below 1, got '",
                                                         base::Printable(texts.front()), "'"));
  };
  app.add_option(
         "--holdout", parse_holdout,
         "Share of the frames to hold out for testing, for data without a test split. Blocks of consecutive frames are "
         "held out, because single frames would have near duplicates among the training frames. [0.2]")
      ->option_text("SHARE");
}

void AddSceneOptions(CLI::App& app, SceneOptions& options) {
  app.add_option("DATA", options.data, "Folder of a scene, or a transforms.json or .csv file.")
      ->required()
      ->option_text(" ");
  AddSceneReaderOptions(app, options);
}

camera::Scene ReadSceneOrThrow(const SceneOptions& options, camera::Photos photos) {
  std::error_code ignored;
  if (!std::filesystem::exists(options.data, ignored)) {
    throw UsageError(base::Printable(options.data, 400) + ": no such file or folder");
  }
  // Data in no known format, or with a test split and --holdout, is an error in the command line; damaged data is not.
  camera::ReadSceneOptions read = {.format = options.format, .photos = photos, .holdout = std::nullopt};
  if (options.holdout) read.holdout = *options.holdout;
  Result<camera::Scene> scene = camera::ReadScene(options.data, read);
  if (!scene.has_value()) {
    const ErrorCode code = scene.error().code;
    const bool is_usage = code == ErrorCode::kUnsupported || code == ErrorCode::kInvalidArgument;
    const bool is_holdout = code == ErrorCode::kInvalidArgument && options.holdout;
    throw CommandError(is_usage ? ExitCode::kUsage : ExitCode::kFailure,
                       (is_holdout ? "--holdout: " : "") + scene.error().message);
  }
  return *std::move(scene);
}

}  // namespace posenet::app

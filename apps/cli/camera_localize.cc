// SPDX-License-Identifier: Apache-2.0
// posenet camera localize
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/strings.h"
#include "cli/camera_outputs.h"
#include "cli/commands.h"
#include "common/camera_engine.h"
#include "common/help_formatter.h"
#include "common/image_run.h"
#include "common/inputs.h"
#include "common/option_checks.h"
#include "common/stopwatch.h"

namespace posenet::cli {
namespace {

constexpr const char* kLocalizeDescription =
    "Estimate the camera poses of photos of the scene that a model was trained on. Prints one JSON object per photo, "
    "one per line: the camera's center in the scene's units, and its rotation, as world_from_cam with OpenCV's axes (x "
    "right, y down, z forward).";

const std::string kLocalizeFooter =
    base::StrCat(R"(Output format:
  {"image": "a.jpg", "width": 640, "height": 480, "position": [x, y, z],
   "quaternion": [w, x, y, z], "world_from_cam": [[...], [...], [...],
   [0, 0, 0, 1]], "units": "meters", "milliseconds": 21.5}
  With --uncertainty, standard deviations are added:
   "uncertainty": {"position": [x, y, z], "position_total": r,
                   "rotation_deg": a}
  For a photo that fails: {"image": "a.jpg", "error": "what is wrong"}, and a
  line on standard error.

CSV columns: image,width,height,x,y,z,qw,qx,qy,qz,position_std,
rotation_std_deg,error

The network outputs a pose for any photo: those of other places get meaningless
ones. Models for sequences process each photo by itself here.

Output files appear when the command ends. If it is interrupted, they contain
the results of the photos that were finished.

Examples:
  posenet camera localize --model kitchen.safetensors photo.jpg
  posenet camera localize --model kitchen.safetensors --uncertainty 40 photos/
  posenet camera localize --model kings.safetensors --poses poses.txt photos/

)",
                 app::ExitStatusHelp("success", "some photos failed, or a file could not be read or written"));

struct LocalizeOptions {
  app::LocalizerOptions localizer;
  CameraOutputOptions outputs;
  std::vector<std::string> inputs;
};

app::ExitCode Localize(const LocalizeOptions& options) {
  const std::vector<app::Input> inputs = app::ExpandInputs(options.inputs);
  const CameraLocalizer localizer =
      app::CreateLocalizer(app::LoadCameraModel(options.localizer), options.localizer.localizer);
  CameraOutputs outputs(options.outputs, inputs, app::UnitsOf(localizer));
  app::ImageRun run(inputs);
  CameraEstimate estimate;
  const auto fail = [&](std::size_t index, const Error& error) {
    const std::string message = app::MessageWithoutName(error, inputs[index]);
    run.Report(index, message);
    outputs.WriteError(index, message);
  };
  run.ForEach(app::ReadAhead::kOne, [&](std::size_t index, const Result<image::Image>& image) {
    if (!image.has_value()) return fail(index, image.error());
    const app::Stopwatch stopwatch;
    const Result<void> localized = localizer.Localize(image->View(), estimate);
    const double milliseconds = stopwatch.ElapsedMs();
    if (!localized.has_value()) return fail(index, localized.error());
    outputs.WritePose(index, *image, estimate, milliseconds);
  });
  outputs.Commit();
  run.ThrowIfStopped();
  return run.failure_count() == 0 ? app::ExitCode::kSuccess : app::ExitCode::kFailure;
}

}  // namespace

void AddCameraLocalize(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<LocalizeOptions>();
  CLI::App& app = *parent.add_subcommand("localize", kLocalizeDescription)->group(app::kCommandGroup);
  app.footer(kLocalizeFooter);
  app.add_option("INPUT", options->inputs,
                 "Image files (JPEG, PNG, WebP, BMP, TIFF), folders (searched recursively, in sorted order, by file "
                 "name extension), or - for one image on standard input.")
      ->required()
      ->option_text("...");
  app::AddLocalizerOptions(app, options->localizer);
  const char* const group = "Output";
  CameraOutputOptions& outputs = options->outputs;
  app::AddPath(app, "--json", outputs.json, "FILE", "Write the JSON lines to this file instead of standard output.")
      ->group(group);
  app::AddPath(app, "--csv", outputs.csv, "FILE", "Write one row per photo below a header row.")->group(group);
  app::AddPath(
      app, "--poses", outputs.poses, "FILE",
      "Write lines 'name qw qx qy qz tx ty tz', world to camera, the format of 'posenet camera score' and of the "
      "visual localization benchmarks. Photos that fail are left out.")
      ->group(group);
  app.add_flag_callback(
         "--pretty", [&outputs] { outputs.json_layout = app::JsonLayout::kPretty; },
         "Indent the JSON, over several lines.")
      ->group(group);
  app.callback([options, &action] { action = [options] { return Localize(*options); }; });
}

}  // namespace posenet::cli

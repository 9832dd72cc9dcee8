// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <string>

#include "base/strings.h"
#include "cli/commands.h"
#include "common/command_runner.h"
#include "common/help_formatter.h"

namespace posenet::cli {
namespace {

constexpr const char* kDescription =
    "Human pose estimation and camera relocalization on any CPU, without a network connection.";

constexpr const char* kHumanDescription =
    "Estimate human poses in images and videos, and measure their accuracy. A pose has COCO's 17 keypoints: nose, "
    "eyes, ears, shoulders, elbows, wrists, hips, knees and ankles.";

constexpr const char* kCameraDescription =
    "Estimate camera poses in a known scene, train models for it, and measure their accuracy. A scene is a set of "
    "photos with camera poses, in one of six formats; a pose is the position and orientation of the camera.";

constexpr const char* kModelDescription =
    "List, inspect, import, quantize, export and verify model files. A model is one .safetensors file with a network, "
    "its weights and their source.";

const std::string kFooter =
    base::StrCat(R"(Every command has its own help: posenet human estimate --help

Examples:
  posenet human estimate photo.jpg
  posenet human estimate --draw overlays photos/
  posenet camera localize --model kitchen.safetensors photo.jpg
  posenet model list

)",
                 app::ExitStatusHelp("success", "something could not be read or written; everything else was done"));

constexpr const char* kModelFooter = R"(Models are found by name in $POSENET_MODELS, in share/posenet/models beside the
folder of this program, and in the folder to which they are installed.

Every command has its own help: posenet model import --help)";

void AddCommands(CLI::App& app, int argument_count, const char* const* arguments, app::Action& action) {
  app::PrepareApp(app);
  app.footer(kFooter);

  CLI::App& human = *app.add_subcommand("human", kHumanDescription)->group(app::kCommandGroup);
  human.footer("Every command has its own help: posenet human estimate --help");
  AddHumanEstimate(human, action);
  AddHumanEval(human, action);
  AddCompanionCommands(human, "human", argument_count, arguments, action);

  CLI::App& camera = *app.add_subcommand("camera", kCameraDescription)->group(app::kCommandGroup);
  camera.footer("Every command has its own help: posenet camera localize --help");
  AddCompanionCommands(camera, "camera", argument_count, arguments, action);
  AddCameraLocalize(camera, action);
  AddCameraEval(camera, action);
  AddCameraInspect(camera, action);
  AddCameraScore(camera, action);
  AddCameraSynth(camera, action);

  AddCompanionCommands(app, "", argument_count, arguments, action);
  AddBench(app, action);
  CLI::App& model = *app.add_subcommand("model", kModelDescription)->group(app::kCommandGroup);
  model.footer(kModelFooter);
  AddModelList(model, action);
  AddModelInfo(model, action);
  AddModelImport(model, action);
  AddModelExport(model, action);
  AddModelQuantize(model, action);
  AddModelVerify(model, action);
}

}  // namespace

app::ExitCode RunCommandLine(int argument_count, const char* const* arguments) {
  CLI::App app(kDescription);
  app::Action action;
  AddCommands(app, argument_count, arguments, action);
  return app::RunApp(app, action, argument_count, arguments);
}

}  // namespace posenet::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "common/command_runner.h"

namespace posenet::cli {
namespace {

constexpr const char* kDescription =
    "Finds people in images, and cameras in known places, with PoseNet: 17 keypoints of everybody in view, and what "
    "photos with poses are good for; on any CPU, without a network connection.";

constexpr const char* kHumanDescription =
    "Finds people in images, and measures how well. The 17 keypoints are COCO's: nose, eyes, ears, shoulders, "
    "elbows, wrists, hips, knees and ankles.";

constexpr const char* kCameraDescription =
    "Finds where in a known place a photo was taken, with a model that was trained on photos of that place, and "
    "measures how well. Photos with poses are a scene; a pose is the camera's position and orientation. Scenes are "
    "read in six formats, and estimated poses measured, whatever made them.";

constexpr const char* kModelDescription =
    "Lists, describes, imports, quantizes, exports and verifies model files. A model is one .safetensors file that "
    "holds a network, its weights, and where they come from.";

constexpr const char* kFooter = R"(Each command explains itself: posenet human estimate --help

Examples:
  posenet human estimate photo.jpg
  posenet human estimate --draw overlays photos/
  posenet camera localize --model kitchen.safetensors photo.jpg
  posenet model list

Exit status: 0 success; 1 something could not be read or written, the rest was
answered; 2 the command line is wrong, nothing was done; 130 interrupted.)";

constexpr const char* kModelFooter = R"(Models are found by name in $POSENET_MODELS, in share/posenet/models beside the
folder of this program, and where the build installs them.

Exit status: 0 success; 1 a file is damaged or could not be read or written;
2 the command line is wrong.)";

void AddCommands(CLI::App& app, int argument_count, const char* const* arguments, app::Action& action) {
  app::PrepareApp(app);
  app.footer(kFooter);

  CLI::App& human = *app.add_subcommand("human", kHumanDescription)->group(app::kCommandGroup);
  human.footer("Each command explains itself: posenet human estimate --help");
  AddHumanEstimate(human, action);
  AddHumanEval(human, action);
  AddCompanionCommands(human, "human", argument_count, arguments, action);

  CLI::App& camera = *app.add_subcommand("camera", kCameraDescription)->group(app::kCommandGroup);
  camera.footer("Each command explains itself: posenet camera localize --help");
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

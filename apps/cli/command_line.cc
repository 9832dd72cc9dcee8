// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/strings.h"
#include "command_error.h"
#include "commands.h"
#include "help_formatter.h"
#include "standard_streams.h"

namespace posenet::cli {
namespace {

constexpr const char* kDescription =
    "Finds people in pictures, and cameras in known places, with PoseNet: 17 keypoints of everybody in view, and what "
    "photos with poses are good for; on any CPU, without a network connection.";

constexpr const char* kHumanDescription =
    "Finds people in pictures, and measures how well. The 17 keypoints are COCO's: nose, eyes, ears, shoulders, "
    "elbows, wrists, hips, knees and ankles.";

constexpr const char* kCameraDescription =
    "For finding where in a known place a photo was taken. Photos with poses are a scene; a pose is the camera's "
    "position and orientation. Scenes are read in six formats, and estimated poses measured, whatever made them.";

constexpr const char* kModelDescription =
    "Lists, describes, imports, quantizes, exports and verifies model files. A model is one .safetensors file that "
    "holds a network, its weights, and where they come from.";

constexpr const char* kFooter = R"(Each command explains itself: posenet human estimate --help

Examples:
  posenet human estimate photo.jpg
  posenet human estimate --draw overlays photos/
  posenet model list

Exit status: 0 success; 1 something could not be read or written, the rest was
answered; 2 the command line is wrong, nothing was done; 130 interrupted.)";

constexpr const char* kModelFooter = R"(Models are found by name in $POSENET_MODELS, in share/posenet/models beside the
folder of this program, and where the build installs them.

Exit status: 0 success; 1 a file is damaged or could not be read or written;
2 the command line is wrong.)";

// The command that the parsed command line names, such as "posenet human eval".
std::string SelectedCommand(const CLI::App& app) {
  std::string name = app.get_name();
  const CLI::App* level = &app;
  while (!level->get_subcommands().empty()) {
    level = level->get_subcommands().front();
    name += " " + level->get_name();
  }
  return name;
}

void AddCommands(CLI::App& app, Action& action) {
  app.name("posenet");
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "Explain this command.");
  app.set_version_flag("--version", "posenet " POSENET_VERSION, "Print the version.");
  app.footer(kFooter);

  CLI::App& human = *app.add_subcommand("human", kHumanDescription)->group(kCommandGroup);
  human.footer("Each command explains itself: posenet human estimate --help");
  AddHumanEstimate(human, action);
  AddHumanEval(human, action);

  CLI::App& camera = *app.add_subcommand("camera", kCameraDescription)->group(kCommandGroup);
  camera.footer("Each command explains itself: posenet camera inspect --help");
  AddCameraInspect(camera, action);
  AddCameraScore(camera, action);
  AddCameraSynth(camera, action);

  AddBench(app, action);
  CLI::App& model = *app.add_subcommand("model", kModelDescription)->group(kCommandGroup);
  model.footer(kModelFooter);
  AddModelList(model, action);
  AddModelInfo(model, action);
  AddModelImport(model, action);
  AddModelExport(model, action);
  AddModelQuantize(model, action);
  AddModelVerify(model, action);
}

ExitCode PrintUsageError(const CLI::App& app, const std::string& message) {
  PrintError(StrCat(Printable(message, 400), " (see '", SelectedCommand(app), " --help')"));
  return ExitCode::kUsage;
}

// CLI11's message for `error`, in one style with ours.
std::string Reword(const CLI::ParseError& error) {
  std::string message = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return "unexpected argument:" + message.substr(message.find(':') + 1);
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return message.substr(0, message.find(':')) + ": expected exactly one value";
  }
  return message;
}

ExitCode ParseAndRun(CLI::App& app, const Action& action, int argument_count, const char* const* arguments) {
  try {
    app.parse(argument_count, arguments);
    if (!action) {
      return PrintUsageError(app, app.get_subcommands().empty() ? "expected a command: human, camera, bench or model"
                                                                : "expected a command");
    }
    return action();
  } catch (const CLI::CallForHelp&) {
    WriteStandardOutput(app.help());
    return ExitCode::kSuccess;
  } catch (const CLI::CallForVersion& version) {
    WriteStandardOutput(StrCat(version.what(), "\n"));
    return ExitCode::kSuccess;
  } catch (const CLI::ParseError& error) {
    return PrintUsageError(app, Reword(error));
  }
}

}  // namespace

ExitCode RunCommandLine(int argument_count, const char* const* arguments) {
  CLI::App app(kDescription);
  Action action;
  AddCommands(app, action);
  try {
    return ParseAndRun(app, action, argument_count, arguments);
  } catch (const CommandError& error) {
    if (error.exit_code() == ExitCode::kUsage) return PrintUsageError(app, error.what());
    PrintError(error.what());
    return error.exit_code();
  }
}

}  // namespace posenet::cli

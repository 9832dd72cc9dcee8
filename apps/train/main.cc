// SPDX-License-Identifier: Apache-2.0
// Run by the posenet command with its own arguments: posenet camera train ...
#include <CLI/CLI.hpp>

#include "allocator.h"
#include "camera_pretrain.h"
#include "camera_train.h"
#include "command_runner.h"

namespace {

using posenet::cli::Action;
using posenet::cli::ExitCode;

ExitCode Run(int argument_count, const char* const* arguments) {
  CLI::App app("The commands of posenet that train.");
  Action action;
  posenet::cli::PrepareApp(app);
  CLI::App& camera = *app.add_subcommand("camera", "Cameras in known places.");
  posenet::trainer::AddCameraTrain(camera, action);
  posenet::trainer::AddCameraPretrain(camera, action);
  return posenet::cli::RunApp(app, action, argument_count, arguments);
}

}  // namespace

int main(int argument_count, char** arguments) {
  posenet::trainer::KeepFreedMemory();
  return posenet::cli::RunProgram(Run, argument_count, arguments);
}

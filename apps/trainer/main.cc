// SPDX-License-Identifier: Apache-2.0
// posenet-train: run by the posenet command, with its arguments: camera train ...
#include <CLI/CLI.hpp>

#include "common/command_runner.h"
#include "trainer/allocator.h"
#include "trainer/camera_pretrain.h"
#include "trainer/camera_train.h"

namespace {

using posenet::app::Action;
using posenet::app::ExitCode;

ExitCode Run(int argument_count, const char* const* arguments) {
  CLI::App app("The training commands of posenet.");
  Action action;
  posenet::app::PrepareApp(app);
  CLI::App& camera = *app.add_subcommand("camera", "Camera relocalization.");
  posenet::trainer::AddCameraTrain(camera, action);
  posenet::trainer::AddCameraPretrain(camera, action);
  return posenet::app::RunApp(app, action, argument_count, arguments);
}

}  // namespace

int main(int argument_count, char** arguments) {
  posenet::trainer::KeepFreedMemory();
  return posenet::app::RunProgram(Run, argument_count, arguments);
}

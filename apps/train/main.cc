// SPDX-License-Identifier: Apache-2.0
// Run by the posenet command with its own arguments: posenet camera train ...
#include <CLI/CLI.hpp>
#include <exception>
#include <new>

#include "allocator.h"
#include "camera_pretrain.h"
#include "camera_train.h"
#include "command_runner.h"
#include "signals.h"
#include "standard_streams.h"

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
  try {
    posenet::cli::InstallSignalHandlers();
    return static_cast<int>(Run(argument_count, arguments));
  } catch (const std::bad_alloc&) {
    posenet::cli::PrintError("out of memory");
  } catch (const std::exception& error) {
    posenet::cli::PrintError(error.what());
  }
  return static_cast<int>(ExitCode::kFailure);
}

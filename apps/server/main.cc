// SPDX-License-Identifier: Apache-2.0
// Run by the posenet command with its own arguments: posenet serve ...
#include <CLI/CLI.hpp>

#include "command_runner.h"
#include "serve.h"

namespace {

using posenet::cli::Action;
using posenet::cli::ExitCode;

ExitCode Run(int argument_count, const char* const* arguments) {
  CLI::App app("The command of posenet that serves.");
  Action action;
  posenet::cli::PrepareApp(app);
  posenet::server::AddServe(app, action);
  return posenet::cli::RunApp(app, action, argument_count, arguments);
}

}  // namespace

int main(int argument_count, char** arguments) { return posenet::cli::RunProgram(Run, argument_count, arguments); }

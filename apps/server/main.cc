// SPDX-License-Identifier: Apache-2.0
// posenet-serve: run by posenet with the arguments of `posenet serve`.
#include <CLI/CLI.hpp>

#include "common/command_runner.h"
#include "server/serve.h"

namespace {

using posenet::app::Action;
using posenet::app::ExitCode;

ExitCode Run(int argument_count, const char* const* arguments) {
  CLI::App app("The server of posenet.");
  Action action;
  posenet::app::PrepareApp(app);
  posenet::server::AddServe(app, action);
  return posenet::app::RunApp(app, action, argument_count, arguments);
}

}  // namespace

int main(int argument_count, char** arguments) { return posenet::app::RunProgram(Run, argument_count, arguments); }

// SPDX-License-Identifier: Apache-2.0
// Run by the posenet command with its own arguments: posenet serve ...
#include <CLI/CLI.hpp>
#include <exception>
#include <new>

#include "command_runner.h"
#include "serve.h"
#include "signals.h"
#include "standard_streams.h"

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

int main(int argument_count, char** arguments) {
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

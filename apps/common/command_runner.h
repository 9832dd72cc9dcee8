// SPDX-License-Identifier: Apache-2.0
// Arguments in, exit status out, for programs with one or more commands.
#ifndef POSENET_COMMON_COMMAND_RUNNER_H_
#define POSENET_COMMON_COMMAND_RUNNER_H_

#include "common/action.h"
#include "common/exit_code.h"

namespace posenet::app {

/// Configures `app` as all our programs are: the name posenet, our help format, --help and --version, and one command
/// for each run, so that inputs may have the names of commands. Call it before adding commands.
void PrepareApp(CLI::App& app);

/// Parses the arguments of main, which sets `action`, and runs it. Errors are printed. Throws only if the system is out
/// of resources.
ExitCode RunApp(CLI::App& app, const Action& action, int argument_count, const char* const* arguments);

/// The body of every main: installs the signal handlers, calls `run` with the arguments, prints uncaught exceptions and
/// returns the exit status.
int RunProgram(ExitCode (*run)(int argument_count, const char* const* arguments), int argument_count,
               const char* const* arguments);

}  // namespace posenet::app

#endif  // POSENET_COMMON_COMMAND_RUNNER_H_

// SPDX-License-Identifier: Apache-2.0
// From arguments to an exit status, for programs of one or more commands.
#ifndef POSENET_COMMON_COMMAND_RUNNER_H_
#define POSENET_COMMON_COMMAND_RUNNER_H_

#include "common/action.h"
#include "common/exit_code.h"

namespace posenet::app {

/// Gives `app` what all our programs have: the name posenet, our help, --version.
void PrepareApp(CLI::App& app);

/// Parses the arguments of main, which set `action`, and does what they ask for. Failures are printed; nothing is
/// thrown but what means that the system is out of resources.
ExitCode RunApp(CLI::App& app, const Action& action, int argument_count, const char* const* arguments);

/// What every main does: takes the signals, calls `run` with the arguments, prints what it throws, and answers the exit
/// status.
int RunProgram(ExitCode (*run)(int argument_count, const char* const* arguments), int argument_count,
               const char* const* arguments);

}  // namespace posenet::app

#endif  // POSENET_COMMON_COMMAND_RUNNER_H_

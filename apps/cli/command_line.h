// SPDX-License-Identifier: Apache-2.0
// The whole command line of posenet.
#ifndef POSENET_CLI_COMMAND_LINE_H_
#define POSENET_CLI_COMMAND_LINE_H_

#include "common/exit_code.h"

namespace posenet::cli {

/// Parses the arguments of main and runs the command. Errors are printed. Throws only if the system is out of
/// resources.
app::ExitCode RunCommandLine(int argument_count, const char* const* arguments);

}  // namespace posenet::cli

#endif  // POSENET_CLI_COMMAND_LINE_H_

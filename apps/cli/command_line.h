// SPDX-License-Identifier: Apache-2.0
// The command line as a whole.
#ifndef POSENET_CLI_COMMAND_LINE_H_
#define POSENET_CLI_COMMAND_LINE_H_

#include "common/exit_code.h"

namespace posenet::cli {

/// Parses the arguments of main and does what they ask for. Failures are printed; nothing is thrown but what means that
/// the system is out of resources.
app::ExitCode RunCommandLine(int argument_count, const char* const* arguments);

}  // namespace posenet::cli

#endif  // POSENET_CLI_COMMAND_LINE_H_

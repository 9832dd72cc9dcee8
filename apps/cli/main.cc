// SPDX-License-Identifier: Apache-2.0
// The posenet command.
#include "cli/command_line.h"
#include "common/command_runner.h"

int main(int argument_count, char** arguments) {
  return posenet::app::RunProgram(posenet::cli::RunCommandLine, argument_count, arguments);
}

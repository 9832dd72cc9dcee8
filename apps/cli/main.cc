// SPDX-License-Identifier: Apache-2.0
// The posenet command.
#include "command_line.h"
#include "command_runner.h"

int main(int argument_count, char** arguments) {
  return posenet::cli::RunProgram(posenet::cli::RunCommandLine, argument_count, arguments);
}

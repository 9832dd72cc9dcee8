// SPDX-License-Identifier: Apache-2.0
// Running the built posenet command and seeing what it does.
#ifndef POSENET_TESTS_CLI_RUN_COMMAND_H_
#define POSENET_TESTS_CLI_RUN_COMMAND_H_

#include <string>
#include <vector>

namespace posenet::cli {

/// Where the command's standard output goes.
enum class StandardOutput {
  kCaptured,
  kFullDisk,       ///< /dev/full: every write fails.
  kClosedPipe,     ///< A pipe that nobody reads.
  kInterruptedAt,  ///< Captured; after the first byte the command gets SIGINT.
};

struct CommandOptions {
  std::string standard_input = {};  ///< What the command reads there.
  StandardOutput standard_output = StandardOutput::kCaptured;
};

struct CommandResult {
  int exit_status = -1;  ///< -signal when a signal ended it.
  std::string out;
  std::string err;
};

/// Runs `posenet arguments...` with POSENET_MODELS set to a folder that does not exist.
CommandResult RunCommand(const std::vector<std::string>& arguments, const CommandOptions& options = {});

}  // namespace posenet::cli

#endif  // POSENET_TESTS_CLI_RUN_COMMAND_H_

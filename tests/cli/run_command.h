// SPDX-License-Identifier: Apache-2.0
// Runs the built posenet command.
#ifndef POSENET_TESTS_CLI_RUN_COMMAND_H_
#define POSENET_TESTS_CLI_RUN_COMMAND_H_

#include <sys/types.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posenet::cli {

/// What the command's standard output is connected to.
enum class StandardOutput {
  kCaptured,
  kFullDisk,       ///< /dev/full: every write fails.
  kClosedPipe,     ///< A pipe whose reader has closed it.
  kInterruptedAt,  ///< Captured; after the first byte the command receives SIGINT.
};

struct CommandOptions {
  std::string standard_input = {};  ///< What the command reads there.
  StandardOutput standard_output = StandardOutput::kCaptured;
  std::string folder = {};  ///< Its working directory; empty means ours.
};

struct CommandResult {
  int exit_status = -1;  ///< -signal when a signal ended it.
  std::string out;
  std::string err;
};

/// Runs `posenet arguments...` with POSENET_MODELS set to a folder that does not exist.
CommandResult RunCommand(const std::vector<std::string>& arguments, const CommandOptions& options = {});

/// A running command, with a pipe to its standard input and one from its standard output. For one thread that writes
/// and one that does the rest.
class RunningCommand {
 public:
  /// Starts `posenet arguments...` as RunCommand does.
  explicit RunningCommand(const std::vector<std::string>& arguments);
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;
  /// Kills it if it still runs.
  ~RunningCommand();

  /// Writes to its standard input; false if it has closed it. Blocks while the pipe is full.
  bool Write(std::string_view bytes);
  void CloseInput();
  /// Waits until it has read all that was written.
  void WaitUntilInputIsRead() const;

  /// The next line of its standard output, with the newline; no value at the end, or after a minute without output.
  std::optional<std::string> NextLine();
  /// Sends a signal.
  void Interrupt(int signal = SIGINT) const;
  /// Waits for its end. `out` is what NextLine has not returned.
  CommandResult Finish();

 private:
  struct Streams;
  // Waits for output and appends it to `unread_`; false at the end of output and after a minute without any.
  bool ReadMore();

  std::unique_ptr<Streams> streams_;
  std::string unread_;
  pid_t pid_ = -1;
};

}  // namespace posenet::cli

#endif  // POSENET_TESTS_CLI_RUN_COMMAND_H_

// SPDX-License-Identifier: Apache-2.0
// Running the built posenet command and seeing what it does.
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

/// The command while it runs, with a pipe to its standard input and one from its standard output. For one thread that
/// writes and one that does the rest.
class RunningCommand {
 public:
  /// Starts `posenet arguments...` as RunCommand does.
  explicit RunningCommand(const std::vector<std::string>& arguments);
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;
  /// Kills it where it still runs.
  ~RunningCommand();

  /// Writes to its standard input; false when it reads no more. Waits where it does not read as fast.
  bool Write(std::string_view bytes);
  void CloseInput();
  /// Waits until it has read all that was written.
  void WaitUntilInputIsRead() const;

  /// The next line of its standard output, with its end; nothing at the end of output, and after a minute without any.
  std::optional<std::string> NextLine();
  /// Sends a signal that asks it to end.
  void Interrupt(int signal = SIGINT) const;
  /// Waits for its end. The output is what NextLine has not answered.
  CommandResult Finish();

 private:
  struct Streams;
  // Appends what there is to `unread_`, waiting for it; false at the end of output and when patience is.
  bool ReadMore();

  std::unique_ptr<Streams> streams_;
  std::string unread_;
  pid_t pid_ = -1;
};

}  // namespace posenet::cli

#endif  // POSENET_TESTS_CLI_RUN_COMMAND_H_

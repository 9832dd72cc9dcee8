// SPDX-License-Identifier: Apache-2.0
// The failure that ends a command. Library functions return Results; a command can only clean up and report the error,
// so it throws, and command_runner.cc catches it once.
#ifndef POSENET_COMMON_COMMAND_ERROR_H_
#define POSENET_COMMON_COMMAND_ERROR_H_

#include <stdexcept>
#include <string>
#include <utility>

#include "common/exit_code.h"
#include "posenet/result.h"

namespace posenet::app {

/// Ends the command with `exit_code`; what() is the one line that the user reads.
class CommandError : public std::runtime_error {
 public:
  CommandError(ExitCode exit_code, const std::string& message) : std::runtime_error(message), exit_code_(exit_code) {}

  [[nodiscard]] ExitCode exit_code() const { return exit_code_; }

 private:
  ExitCode exit_code_;
};

/// An error in the command line.
[[nodiscard]] inline CommandError UsageError(const std::string& message) { return {ExitCode::kUsage, message}; }

/// The exit status for a failure with a file that an option names: a file that does not exist, or cannot exist, is an
/// error in the command line; one that is damaged or cannot be accessed is a failure.
[[nodiscard]] inline ExitCode ExitCodeForFile(const Error& error) {
  const bool is_usage = error.code == ErrorCode::kNotFound || error.code == ErrorCode::kInvalidArgument;
  return is_usage ? ExitCode::kUsage : ExitCode::kFailure;
}

/// The value of `result`; an error ends the command with `exit_code`.
template <typename T>
T ValueOrThrow(Result<T> result, ExitCode exit_code = ExitCode::kFailure) {
  if (!result.has_value()) throw CommandError(exit_code, result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// The value of `result`, which came from a file that an option names; an error ends the command.
template <typename T>
T FileValueOrThrow(Result<T> result) {
  const ExitCode exit_code = result.has_value() ? ExitCode::kSuccess : ExitCodeForFile(result.error());
  return ValueOrThrow(std::move(result), exit_code);
}

}  // namespace posenet::app

#endif  // POSENET_COMMON_COMMAND_ERROR_H_

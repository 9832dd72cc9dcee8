// SPDX-License-Identifier: Apache-2.0
// The posenet command.
#include <exception>
#include <new>

#include "command_line.h"
#include "signals.h"
#include "standard_streams.h"

int main(int argument_count, char** arguments) {
  using posenet::cli::ExitCode;
  try {
    posenet::cli::InstallSignalHandlers();
    return static_cast<int>(posenet::cli::RunCommandLine(argument_count, arguments));
  } catch (const std::bad_alloc&) {
    posenet::cli::PrintError("out of memory");
  } catch (const std::exception& error) {
    posenet::cli::PrintError(error.what());
  }
  return static_cast<int>(ExitCode::kFailure);
}

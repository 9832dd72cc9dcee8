// SPDX-License-Identifier: Apache-2.0
// Run by the posenet command with its own arguments: posenet human video ...
#include <exception>
#include <new>

#include "human_video.h"
#include "signals.h"
#include "standard_streams.h"

int main(int argument_count, char** arguments) {
  try {
    posenet::cli::InstallSignalHandlers();
    return static_cast<int>(posenet::video_app::RunVideoCommandLine(argument_count, arguments));
  } catch (const std::bad_alloc&) {
    posenet::cli::PrintError("out of memory");
  } catch (const std::exception& error) {
    posenet::cli::PrintError(error.what());
  }
  return static_cast<int>(posenet::cli::ExitCode::kFailure);
}

// SPDX-License-Identifier: Apache-2.0
// Run by the posenet command with its own arguments: posenet human video ...
#include "command_runner.h"
#include "human_video.h"

int main(int argument_count, char** arguments) {
  return posenet::cli::RunProgram(posenet::video_app::RunVideoCommandLine, argument_count, arguments);
}

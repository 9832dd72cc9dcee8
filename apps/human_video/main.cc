// SPDX-License-Identifier: Apache-2.0
// Run by the posenet command with its own arguments: posenet human video ...
#include "common/command_runner.h"
#include "human_video/human_video.h"

int main(int argument_count, char** arguments) {
  return posenet::app::RunProgram(posenet::video_app::RunVideoCommandLine, argument_count, arguments);
}

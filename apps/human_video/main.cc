// SPDX-License-Identifier: Apache-2.0
// posenet-video: run by posenet with the arguments of `posenet human video`.
#include "common/command_runner.h"
#include "human_video/human_video.h"

int main(int argument_count, char** arguments) {
  return posenet::app::RunProgram(posenet::human_video::RunVideoCommandLine, argument_count, arguments);
}

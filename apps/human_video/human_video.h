// SPDX-License-Identifier: Apache-2.0
// The command posenet human video.
#ifndef POSENET_HUMAN_VIDEO_HUMAN_VIDEO_H_
#define POSENET_HUMAN_VIDEO_HUMAN_VIDEO_H_

#include "common/exit_code.h"

namespace posenet::human_video {

/// Runs the command with the arguments of main; see app::RunApp.
app::ExitCode RunVideoCommandLine(int argument_count, const char* const* arguments);

}  // namespace posenet::human_video

#endif  // POSENET_HUMAN_VIDEO_HUMAN_VIDEO_H_

// SPDX-License-Identifier: Apache-2.0
// posenet human video
#ifndef POSENET_HUMAN_VIDEO_HUMAN_VIDEO_H_
#define POSENET_HUMAN_VIDEO_HUMAN_VIDEO_H_

#include "common/exit_code.h"

namespace posenet::video_app {

/// Parses the arguments of main and runs the command, as app::RunApp.
app::ExitCode RunVideoCommandLine(int argument_count, const char* const* arguments);

}  // namespace posenet::video_app

#endif  // POSENET_HUMAN_VIDEO_HUMAN_VIDEO_H_

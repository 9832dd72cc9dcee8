// SPDX-License-Identifier: Apache-2.0
// posenet human video
#ifndef POSENET_VIDEO_APP_HUMAN_VIDEO_H_
#define POSENET_VIDEO_APP_HUMAN_VIDEO_H_

#include "commands.h"

namespace posenet::video_app {

/// Adds the command below `parent`.
void AddHumanVideo(CLI::App& parent, cli::Action& action);

}  // namespace posenet::video_app

#endif  // POSENET_VIDEO_APP_HUMAN_VIDEO_H_

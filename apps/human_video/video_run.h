// SPDX-License-Identifier: Apache-2.0
// Processes a video from its first frame to its last.
#ifndef POSENET_HUMAN_VIDEO_VIDEO_RUN_H_
#define POSENET_HUMAN_VIDEO_VIDEO_RUN_H_

#include <string>

#include "common/exit_code.h"
#include "common/human_options.h"
#include "common/people_over_time.h"
#include "human_video/video_outputs.h"
#include "video/frame_source.h"

namespace posenet::human_video {

/// Everything that the command line determines.
struct VideoRunOptions {
  app::HumanOptions human;
  std::string input;
  video::SourceOptions source;
  app::PeopleOptions people;
  VideoOutputOptions outputs;
};

/// Processes every frame. A frame that fails is reported on standard error, and processing continues. After an
/// interruption the outputs are completed. Throws CommandError.
app::ExitCode RunVideo(const VideoRunOptions& options);

}  // namespace posenet::human_video

#endif  // POSENET_HUMAN_VIDEO_VIDEO_RUN_H_

// SPDX-License-Identifier: Apache-2.0
// A video from its first frame to its last: read, estimated, numbered, answered.
#ifndef POSENET_HUMAN_VIDEO_VIDEO_RUN_H_
#define POSENET_HUMAN_VIDEO_VIDEO_RUN_H_

#include <string>

#include "common/exit_code.h"
#include "common/human_options.h"
#include "common/people_over_time.h"
#include "human_video/video_outputs.h"
#include "video/frame_source.h"

namespace posenet::video_app {

/// What is to be done with a video.
struct VideoRunOptions {
  app::HumanOptions human;
  std::string input;
  video::SourceOptions source;
  app::PeopleOptions people;
  VideoOutputOptions outputs;
};

/// Answers every frame; each failure is a line on standard error and the rest goes on. Interrupted, it completes what
/// it has. Throws CommandError.
app::ExitCode RunVideo(const VideoRunOptions& options);

}  // namespace posenet::video_app

#endif  // POSENET_HUMAN_VIDEO_VIDEO_RUN_H_

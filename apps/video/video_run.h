// SPDX-License-Identifier: Apache-2.0
// A video from its first frame to its last: read, estimated, numbered, answered.
#ifndef POSENET_VIDEO_APP_VIDEO_RUN_H_
#define POSENET_VIDEO_APP_VIDEO_RUN_H_

#include <string>

#include "exit_code.h"
#include "human_options.h"
#include "people_over_time.h"
#include "video/frame_source.h"
#include "video_outputs.h"

namespace posenet::video_app {

/// What is to be done with a video.
struct VideoRunOptions {
  cli::HumanOptions human;
  std::string input;
  video::SourceOptions source;
  cli::PeopleOptions people;
  VideoOutputOptions outputs;
};

/// Answers every frame; each failure is a line on standard error and the rest goes on. Interrupted, it completes what
/// it has. Throws CommandError.
cli::ExitCode RunVideo(const VideoRunOptions& options);

}  // namespace posenet::video_app

#endif  // POSENET_VIDEO_APP_VIDEO_RUN_H_

// SPDX-License-Identifier: Apache-2.0
// The loop over the frames of a video: read, estimate, track, write.
#ifndef POSENET_HUMAN_VIDEO_VIDEO_RUN_H_
#define POSENET_HUMAN_VIDEO_VIDEO_RUN_H_

#include <string>

#include "common/exit_code.h"
#include "common/human_options.h"
#include "common/people_over_time.h"
#include "human_video/video_outputs.h"
#include "video/frame_source.h"

namespace posenet::video_app {

/// The options of a run.
struct VideoRunOptions {
  app::HumanOptions human;
  std::string input;
  video::SourceOptions source;
  app::PeopleOptions people;
  VideoOutputOptions outputs;
};

/// Processes every frame. Each failure is a line on standard error and the rest goes on. If interrupted, completes the
/// outputs with what was processed. Throws CommandError.
app::ExitCode RunVideo(const VideoRunOptions& options);

}  // namespace posenet::video_app

#endif  // POSENET_HUMAN_VIDEO_VIDEO_RUN_H_

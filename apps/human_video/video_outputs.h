// SPDX-License-Identifier: Apache-2.0
// Everything that is written and shown about the frames of a run: JSON lines, CSV, a video, a window.
#ifndef POSENET_HUMAN_VIDEO_VIDEO_OUTPUTS_H_
#define POSENET_HUMAN_VIDEO_VIDEO_OUTPUTS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/text_output.h"
#include "human_video/frame_pipeline.h"
#include "video/frame_source.h"
#include "video/preview_window.h"
#include "video/video_writer.h"

namespace posenet::video_app {

struct VideoOutputOptions {
  // Where to write; empty means not at all, and standard output for `jsonl`.
  std::string video;
  std::string jsonl;
  std::string csv;
  bool show = false;
  float min_keypoint_score = 0.0F;
  float min_drawn_pose_score = 0.0F;
  bool flip_horizontal = false;
};

class VideoOutputs {
 public:
  /// Opens what `options` ask for. Throws CommandError when something cannot be written, or would be written over
  /// `input`.
  VideoOutputs(const VideoOutputOptions& options, const std::string& input, const video::VideoInfo& info,
               double output_frames_per_s);

  /// Answers a frame; false when the window has been closed. Throws CommandError when something cannot be written.
  bool Write(const FrameAnswer& answer, std::span<const std::int64_t> ids);

  /// Completes all files; without it none of them appears. Throws CommandError.
  void Commit();

 private:
  void OpenDrawings(int width_px, int height_px);
  bool Draw(const FrameAnswer& answer, std::span<const std::int64_t> ids);

  VideoOutputOptions options_;
  double frames_per_s_;
  std::optional<app::TextOutput> jsonl_;
  std::optional<app::TextOutput> csv_;
  std::optional<video::VideoWriter> video_;
  std::optional<video::PreviewWindow> window_;
};

}  // namespace posenet::video_app

#endif  // POSENET_HUMAN_VIDEO_VIDEO_OUTPUTS_H_

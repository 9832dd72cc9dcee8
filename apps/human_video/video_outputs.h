// SPDX-License-Identifier: Apache-2.0
// The outputs of a run: JSON lines, CSV, OpenPose files, a video with skeletons, a window.
#ifndef POSENET_HUMAN_VIDEO_VIDEO_OUTPUTS_H_
#define POSENET_HUMAN_VIDEO_VIDEO_OUTPUTS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/new_folder.h"
#include "common/text_output.h"
#include "human_video/frame_pipeline.h"
#include "video/frame_source.h"
#include "video/preview_window.h"
#include "video/video_writer.h"

namespace posenet::human_video {

struct VideoOutputOptions {
  // Files to write; empty means none, and standard output for `jsonl`.
  std::string video;
  std::string jsonl;
  std::string csv;
  std::string openpose;  // A folder.
  bool show = false;
  float min_keypoint_score = 0.0F;
  float min_drawn_pose_score = 0.0F;
  bool flip_horizontal = false;
};

class VideoOutputs {
 public:
  /// Opens the outputs. Throws CommandError if one cannot be written or would overwrite `input`.
  VideoOutputs(const VideoOutputOptions& options, const std::string& input, const video::VideoInfo& info,
               double output_frames_per_s);

  /// Writes a frame. Returns false if the window was closed. Throws CommandError if writing fails.
  bool Write(const FrameResult& result, std::span<const std::int64_t> ids);

  /// Completes all files, which appear only now. Throws CommandError.
  void Commit();

 private:
  void OpenDrawings(int width_px, int height_px);
  bool Draw(const FrameResult& result, std::span<const std::int64_t> ids);

  VideoOutputOptions options_;
  double frames_per_s_;
  std::optional<app::TextOutput> jsonl_;
  std::optional<app::TextOutput> csv_;
  std::optional<app::NewFolder> openpose_;
  std::string openpose_name_;  // The part of the names of files before the number of the frame.
  std::optional<video::VideoWriter> video_;
  std::optional<video::PreviewWindow> window_;
};

}  // namespace posenet::human_video

#endif  // POSENET_HUMAN_VIDEO_VIDEO_OUTPUTS_H_

// SPDX-License-Identifier: Apache-2.0
#include "human_video/video_outputs.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/draw_targets.h"
#include "human/openpose.h"
#include "human_video/frame_lines.h"
#include "image/image.h"
#include "media/draw.h"

namespace posenet::human_video {
namespace {

namespace fs = std::filesystem;

void CheckOutputs(const VideoOutputOptions& options, const std::string& input) {
  std::vector<fs::path> files;
  for (const std::string& name : {options.video, options.jsonl, options.csv}) {
    if (!name.empty()) files.push_back(fs::path(name).lexically_normal());
  }
  app::CheckDistinctOutputs(files);
  const std::vector<app::Input> inputs = {{.name = input, .relative = input, .error = {}}};
  app::CheckNoInputIsOverwritten(files, inputs);
  if (!options.video.empty() && !video::HasVideoExtension(options.video)) {
    throw app::UsageError("--output: expected a name that ends with .mp4, .mov, .mkv or .webm, got '" +
                          base::Printable(options.video) + "'");
  }
}

}  // namespace

VideoOutputs::VideoOutputs(const VideoOutputOptions& options, const std::string& input, const video::VideoInfo& info,
                           double output_frames_per_s)
    : options_(options), frames_per_s_(output_frames_per_s) {
  CheckOutputs(options_, input);
  jsonl_ = options_.jsonl.empty() ? app::TextOutput::StandardOutput() : app::TextOutput::File(options_.jsonl);
  if (!options_.csv.empty()) csv_ = app::TextOutput::File(options_.csv);
  if (csv_) csv_->Write(kFrameCsvHeader);
  if (!options_.openpose.empty()) {
    openpose_.emplace(options_.openpose, "--openpose");
    openpose_name_ = InputStem(input);
  }
  if (info.width_px > 0 && info.height_px > 0) OpenDrawings(info.width_px, info.height_px);
}

void VideoOutputs::OpenDrawings(int width_px, int height_px) {
  if (!options_.video.empty() && !video_) {
    const video::VideoWriterOptions writer = {
        .width_px = width_px, .height_px = height_px, .frames_per_s = frames_per_s_};
    video_ = app::FileValueOrThrow(video::VideoWriter::Create(options_.video, writer));
  }
  if (options_.show && !window_) {
    window_ = app::ValueOrThrow(video::PreviewWindow::Create("posenet", width_px, height_px), app::ExitCode::kUsage);
  }
}

bool VideoOutputs::Write(const FrameResult& result, std::span<const std::int64_t> ids) {
  jsonl_->Write(FrameToJson(result, ids, options_.min_keypoint_score));
  if (csv_) csv_->Write(FrameToCsv(result, ids, options_.min_keypoint_score));
  if (openpose_ && !result.frame.error) {
    openpose_->Write(human::openpose::FrameFileName(openpose_name_, result.frame.number),
                     human::openpose::PosesToJson(result.poses, ids, options_.min_keypoint_score));
  }
  const bool is_drawn = !options_.video.empty() || options_.show;
  return !is_drawn || result.frame.image.rgb.empty() || Draw(result, ids);
}

bool VideoOutputs::Draw(const FrameResult& result, std::span<const std::int64_t> ids) {
  std::optional<image::Image> flipped;  // Positions are those of the mirrored image.
  if (options_.flip_horizontal) image::FlipHorizontally(flipped.emplace(result.frame.image));
  const image::Image& image = flipped ? *flipped : result.frame.image;
  std::vector<Pose> poses;
  std::vector<std::int64_t> drawn_ids;
  for (std::size_t i = 0; i < result.poses.size(); ++i) {
    if (result.poses[i].score < options_.min_drawn_pose_score) continue;
    poses.push_back(result.poses[i]);
    if (i < ids.size()) drawn_ids.push_back(ids[i]);
  }
  media::DrawOptions draw_options = {.min_longer_side_px = 0, .ids = drawn_ids};
  if (options_.min_keypoint_score > 0.0F) draw_options.min_keypoint_score = options_.min_keypoint_score;
  const image::Image drawing = media::DrawPoses(image, poses, draw_options);
  OpenDrawings(drawing.width_px, drawing.height_px);
  if (video_) app::ValueOrThrow(video_->Write(drawing, result.frame.time_s));
  return !window_ || window_->Show(drawing);
}

void VideoOutputs::Commit() {
  jsonl_->Commit();
  if (csv_) csv_->Commit();
  if (openpose_) openpose_->Commit();
  if (video_) app::ValueOrThrow(video_->Commit());
}

}  // namespace posenet::human_video

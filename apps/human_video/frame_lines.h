// SPDX-License-Identifier: Apache-2.0
// The result of a frame as a JSON line and as CSV rows, and names of files of frames.
#ifndef POSENET_HUMAN_VIDEO_FRAME_LINES_H_
#define POSENET_HUMAN_VIDEO_FRAME_LINES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "human_video/frame_pipeline.h"

namespace posenet::human_video {

/// {"frame", "time_s", "width", "height", "poses"} and a newline; poses as for single images, each with an "id" unless
/// `ids` is empty. {"frame", "time_s", "error"} for a frame that failed. "skipped" follows "time_s" if frames were
/// skipped. Keypoints that score below `min_keypoint_score` are omitted.
std::string FrameToJson(const FrameResult& result, std::span<const std::int64_t> ids, float min_keypoint_score);

/// The header row.
inline constexpr std::string_view kFrameCsvHeader =
    "frame,time_s,width,height,pose,id,pose_score,part,x,y,score,error\n";

/// One row per keypoint; one row for a frame without poses and for a pose without keypoints. Poses count from 0.
std::string FrameToCsv(const FrameResult& result, std::span<const std::int64_t> ids, float min_keypoint_score);

/// A name for `input` that starts the names of files made from it: the name of a video file without its extension, that
/// of a folder, or the last part of a URL's path; "camera0" for camera:0, "stdin" for -, "stream" if nothing is left.
/// Never a path.
std::string InputStem(const std::string& input);

}  // namespace posenet::human_video

#endif  // POSENET_HUMAN_VIDEO_FRAME_LINES_H_

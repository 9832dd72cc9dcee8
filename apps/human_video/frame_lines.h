// SPDX-License-Identifier: Apache-2.0
// The result for a frame as a line of JSON or rows of CSV.
#ifndef POSENET_HUMAN_VIDEO_FRAME_LINES_H_
#define POSENET_HUMAN_VIDEO_FRAME_LINES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "human_video/frame_pipeline.h"

namespace posenet::video_app {

/// {"frame", "time_s", "width", "height", "poses"} and a newline, with poses as in app::PosesToJson, and their "id" if
/// `ids` is not empty; {"frame", "time_s", "error"} for a frame that failed. "skipped" follows "time_s" if frames were
/// skipped. Keypoints that score less than `min_keypoint_score` are left out.
std::string FrameToJson(const FrameResult& result, std::span<const std::int64_t> ids, float min_keypoint_score);

/// The header row.
inline constexpr std::string_view kFrameCsvHeader =
    "frame,time_s,width,height,pose,id,pose_score,part,x,y,score,error\n";

/// One row per keypoint, and one for a frame or pose without any. Poses are counted from 0.
std::string FrameToCsv(const FrameResult& result, std::span<const std::int64_t> ids, float min_keypoint_score);

}  // namespace posenet::video_app

#endif  // POSENET_HUMAN_VIDEO_FRAME_LINES_H_

// SPDX-License-Identifier: Apache-2.0
// What is written about a frame: a line of JSON, rows of CSV.
#ifndef POSENET_HUMAN_VIDEO_FRAME_LINES_H_
#define POSENET_HUMAN_VIDEO_FRAME_LINES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "human_video/frame_pipeline.h"

namespace posenet::video_app {

/// {"frame", "time_s", "width", "height", "poses"} and a line end, poses as for photos, with "id" where `ids` has one
/// for each; {"frame", "time_s", "error"} for a frame that failed. "skipped" comes after "time_s" where frames were.
/// Keypoints that score below `min_keypoint_score` are left out.
std::string FrameToJson(const FrameAnswer& answer, std::span<const std::int64_t> ids, float min_keypoint_score);

/// The first row.
inline constexpr std::string_view kFrameCsvHeader =
    "frame,time_s,width,height,pose,id,pose_score,part,x,y,score,error\n";

/// A row for each keypoint, and one for a frame, or a pose, that has none. Poses are counted from 0.
std::string FrameToCsv(const FrameAnswer& answer, std::span<const std::int64_t> ids, float min_keypoint_score);

}  // namespace posenet::video_app

#endif  // POSENET_HUMAN_VIDEO_FRAME_LINES_H_

// SPDX-License-Identifier: Apache-2.0
// Poses as comma-separated values: one row per keypoint, and one row for an image without any.
#ifndef POSENET_COMMON_POSE_CSV_H_
#define POSENET_COMMON_POSE_CSV_H_

#include <span>
#include <string>
#include <string_view>

#include "common/pose_json.h"
#include "posenet/pose.h"

namespace posenet::app {

/// The header row.
inline constexpr std::string_view kCsvHeader = "image,width,height,pose,pose_score,part,x,y,score,error\n";

/// The rows of one pose: `start`, then part, x, y, score and an empty error; one row with these empty if no keypoint
/// scores at least `min_keypoint_score`.
std::string KeypointRows(std::string_view start, const Pose& pose, float min_keypoint_score);

/// The rows of one image. Poses are counted from 0; an image without poses, or a pose without keypoints that score at
/// least `min_keypoint_score`, is one row with the other fields empty. Quoting as in RFC 4180; rows end in "\n".
std::string PosesToCsv(const ImageInfo& image, std::span<const Pose> poses, float min_keypoint_score);

/// The row of an image that could not be read.
std::string ErrorToCsv(std::string_view name, std::string_view message);

}  // namespace posenet::app

#endif  // POSENET_COMMON_POSE_CSV_H_

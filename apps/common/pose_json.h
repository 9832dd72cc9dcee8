// SPDX-License-Identifier: Apache-2.0
// Poses as JSON, in the shape of TensorFlow.js PoseNet's results.
#ifndef POSENET_COMMON_POSE_JSON_H_
#define POSENET_COMMON_POSE_JSON_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "posenet/pose.h"

namespace posenet::app {

/// One object per line, or indented over many lines.
enum class JsonLayout { kLine, kPretty };

/// `text` with everything that is not UTF-8 replaced by U+FFFD: file names may hold any bytes, JSON may not.
std::string ValidUtf8(std::string_view text);

/// `text` as a JSON string, quotes included.
std::string JsonString(std::string_view text);

/// The image that a result belongs to.
struct ImageInfo {
  std::string_view name;  ///< Empty for an image without a name; "image" is then left out.
  int width_px = 0;
  int height_px = 0;
};

/// {"image", "width", "height", "poses": [{"score", "keypoints": [{"part", "score", "position": {"x", "y"}}]}]} and a
/// newline. Keypoints that score less than `min_keypoint_score` are left out.
std::string PosesToJson(const ImageInfo& image, std::span<const Pose> poses, float min_keypoint_score,
                        JsonLayout layout);

/// The value of "poses" above, on one line. If `ids` is not empty it has one element for each pose, its "id".
std::string PoseListToJson(std::span<const Pose> poses, std::span<const std::int64_t> ids, float min_keypoint_score);

/// {"image", "error"} and a newline.
std::string ErrorToJson(std::string_view name, std::string_view message, JsonLayout layout);

}  // namespace posenet::app

#endif  // POSENET_COMMON_POSE_JSON_H_

// SPDX-License-Identifier: Apache-2.0
// Poses as JSON, in the shape of TensorFlow.js PoseNet's answers.
#ifndef POSENET_COMMON_POSE_JSON_H_
#define POSENET_COMMON_POSE_JSON_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "posenet/pose.h"

namespace posenet::app {

/// One object a line, or indented over many lines.
enum class JsonLayout { kLine, kPretty };

/// `text` with everything that is not UTF-8 replaced by U+FFFD: file names may hold any bytes, our answers may not.
std::string ValidUtf8(std::string_view text);

/// `text` as a JSON string, quotes included.
std::string JsonString(std::string_view text);

/// What the answer for one image is about.
struct ImageInfo {
  std::string_view name;  ///< Empty for an image without one, which has no "image" then.
  int width_px = 0;
  int height_px = 0;
};

/// {"image", "width", "height", "poses": [{"score", "keypoints": [{"part", "score", "position": {"x", "y"}}]}]} and a
/// line end. Keypoints that score below `min_keypoint_score` are left out.
std::string PosesToJson(const ImageInfo& image, std::span<const Pose> poses, float min_keypoint_score,
                        JsonLayout layout);

/// The list of "poses" above by itself, on one line. Each has its number in front as "id" where `ids` has one for each.
std::string PoseListToJson(std::span<const Pose> poses, std::span<const std::int64_t> ids, float min_keypoint_score);

/// {"image", "error"} and a line end.
std::string ErrorToJson(std::string_view name, std::string_view message, JsonLayout layout);

}  // namespace posenet::app

#endif  // POSENET_COMMON_POSE_JSON_H_

// SPDX-License-Identifier: Apache-2.0
// OpenPose's JSON files, one per image or video frame, which programs for motion capture, gesture recognition and body
// models read. Source: OpenPose's documentation (Output, JSON Output Format; Keypoint Ordering).
#ifndef POSENET_HUMAN_OPENPOSE_H_
#define POSENET_HUMAN_OPENPOSE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet::human::openpose {

/// The file of the image NAME.jpg is NAME_keypoints.json.
inline constexpr std::string_view kFileSuffix = "_keypoints.json";

/// The name of the file of a video frame, such as "dance_000000000012_keypoints.json".
std::string FrameFileName(std::string_view video_name, std::int64_t frame_number);

/// The content of the file of an image, on one line: version 1.3, with the 25 keypoints of OpenPose's own default
/// model, BODY_25. The neck is the midpoint of the shoulders and the mid hip that of the hips, with the lower score of
/// the two. Keypoints that are not detected are (0, 0, 0), as OpenPose writes them: those that score less than
/// `min_keypoint_score`, or 0, and the six of the feet, which our models do not have. `ids` are the track IDs: empty,
/// or one per pose. "person_id" is [-1] without them. OpenPose's files have no score of a pose.
std::string PosesToJson(std::span<const Pose> poses, std::span<const std::int64_t> ids, float min_keypoint_score);

/// Parses the file of an image, of any version: people with 25 keypoints (BODY_25) or 18 (OpenPose's COCO model), of
/// which neck, mid hip and feet are dropped. Keypoints that were not detected are at (0, 0), with a score of 0. The
/// score of a pose is the mean score of its 17 keypoints. `name` identifies the file in error messages. Errors:
/// kCorruptData, naming the value that is missing or invalid ("people[3].pose_keypoints_2d").
Result<std::vector<Pose>> ParsePoses(std::string_view json, std::string_view name);

}  // namespace posenet::human::openpose

#endif  // POSENET_HUMAN_OPENPOSE_H_

// SPDX-License-Identifier: Apache-2.0
#include "answers.h"

#include "append.h"
#include "camera_answers.h"
#include "numbers.h"
#include "pose_json.h"

namespace posenet::server {
namespace {

constexpr int kMillisecondDecimals = 3;

std::string FrameBegin(const FrameHeader& frame) {
  std::string out;
  cli::Append(out, "{\"frame\": ", std::to_string(frame.number),
              ", \"dropped\": ", std::to_string(frame.dropped_count));
  return out;
}

cli::PictureHeader HeaderOf(const Picture& picture) {
  return {.name = picture.name, .width_px = picture.image.width_px, .height_px = picture.image.height_px};
}

}  // namespace

std::string PosesAnswer(const Picture& picture, std::span<const Pose> poses, float min_keypoint_score) {
  return cli::PosesToJson(HeaderOf(picture), poses, min_keypoint_score, cli::JsonLayout::kLine);
}

std::string CameraAnswer(const Picture& picture, const CameraEstimate& estimate, const Scene& scene,
                         double milliseconds) {
  return cli::CameraPoseToJson(HeaderOf(picture), estimate, scene.units, milliseconds, cli::JsonLayout::kLine);
}

std::string FrameAnswer(const FrameHeader& frame, const Work& work, std::span<const Pose> poses,
                        std::span<const std::int64_t> ids, float min_keypoint_score) {
  std::string out = FrameBegin(frame);
  cli::Append(out,
              ", \"milliseconds\": ", cli::FormatJsonNumber(work.decode_ms + work.estimate_ms, kMillisecondDecimals),
              ", \"width\": ", std::to_string(work.width_px), ", \"height\": ", std::to_string(work.height_px),
              ", \"poses\": ", cli::PoseListToJson(poses, ids, min_keypoint_score), "}\n");
  return out;
}

std::string FrameError(const FrameHeader& frame, int status, std::string_view message) {
  std::string out = FrameBegin(frame);
  cli::Append(out, ", \"status\": ", std::to_string(status), ", \"error\": ", cli::JsonString(message), "}\n");
  return out;
}

}  // namespace posenet::server

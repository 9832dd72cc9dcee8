// SPDX-License-Identifier: Apache-2.0
#include "server/answers.h"

#include "common/append.h"
#include "common/camera_json.h"
#include "common/numbers.h"
#include "common/pose_json.h"

namespace posenet::server {
namespace {

constexpr int kMillisecondDecimals = 3;

std::string FrameBegin(const FrameHeader& frame) {
  std::string out;
  app::Append(out, "{\"frame\": ", std::to_string(frame.number),
              ", \"dropped\": ", std::to_string(frame.dropped_count));
  return out;
}

app::ImageInfo HeaderOf(const NamedImage& image) {
  return {.name = image.name, .width_px = image.image.width_px, .height_px = image.image.height_px};
}

}  // namespace

std::string PosesAnswer(const NamedImage& image, std::span<const Pose> poses, float min_keypoint_score) {
  return app::PosesToJson(HeaderOf(image), poses, min_keypoint_score, app::JsonLayout::kLine);
}

std::string CameraAnswer(const NamedImage& image, const CameraEstimate& estimate, const Scene& scene,
                         double milliseconds) {
  return app::CameraPoseToJson(HeaderOf(image), estimate, scene.units, milliseconds, app::JsonLayout::kLine);
}

std::string FrameAnswer(const FrameHeader& frame, const Work& work, std::span<const Pose> poses,
                        std::span<const std::int64_t> ids, float min_keypoint_score) {
  std::string out = FrameBegin(frame);
  app::Append(out,
              ", \"milliseconds\": ", app::FormatJsonNumber(work.decode_ms + work.estimate_ms, kMillisecondDecimals),
              ", \"width\": ", std::to_string(work.width_px), ", \"height\": ", std::to_string(work.height_px),
              ", \"poses\": ", app::PoseListToJson(poses, ids, min_keypoint_score), "}\n");
  return out;
}

std::string FrameError(const FrameHeader& frame, int status, std::string_view message) {
  std::string out = FrameBegin(frame);
  app::Append(out, ", \"status\": ", std::to_string(status), ", \"error\": ", app::JsonString(message), "}\n");
  return out;
}

}  // namespace posenet::server

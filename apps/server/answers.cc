// SPDX-License-Identifier: Apache-2.0
#include "server/answers.h"

#include "base/strings.h"
#include "common/camera_json.h"
#include "common/numbers.h"
#include "common/pose_json.h"

namespace posenet::server {
namespace {

constexpr int kMillisecondDecimals = 3;

std::string FrameBegin(const FrameHeader& frame) {
  return base::StrCat("{\"frame\": ", frame.number, ", \"dropped\": ", frame.dropped_count);
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
  return base::StrCat(FrameBegin(frame), ", \"milliseconds\": ",
                      app::FormatJsonNumber(work.decode_ms + work.estimate_ms, kMillisecondDecimals),
                      ", \"width\": ", work.width_px, ", \"height\": ", work.height_px,
                      ", \"poses\": ", app::PoseListToJson(poses, ids, min_keypoint_score), "}\n");
}

std::string FrameError(const FrameHeader& frame, int status, std::string_view message) {
  return base::StrCat(FrameBegin(frame), ", \"status\": ", status, ", \"error\": ", app::JsonString(message), "}\n");
}

}  // namespace posenet::server

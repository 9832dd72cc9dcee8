// SPDX-License-Identifier: Apache-2.0
#include "server/responses.h"

#include "base/strings.h"
#include "common/camera_json.h"
#include "common/numbers.h"
#include "common/pose_json.h"

namespace posenet::server {
namespace {

constexpr int kMillisecondDecimals = 3;

std::string FrameBegin(const FramePosition& frame) {
  return base::StrCat("{\"frame\": ", frame.number, ", \"dropped\": ", frame.dropped_count);
}

app::ImageInfo InfoOf(const NamedImage& image) {
  return {.name = image.name, .width_px = image.image.width_px, .height_px = image.image.height_px};
}

}  // namespace

std::string PosesResponse(const NamedImage& image, std::span<const Pose> poses, float min_keypoint_score) {
  return app::PosesToJson(InfoOf(image), poses, min_keypoint_score, app::JsonLayout::kLine);
}

std::string CameraResponse(const NamedImage& image, const CameraEstimate& estimate, const Scene& scene,
                           double milliseconds) {
  return app::CameraPoseToJson(InfoOf(image), estimate, scene.units, milliseconds, app::JsonLayout::kLine);
}

std::string FrameResponse(const FramePosition& frame, const ProcessingStats& stats, std::span<const Pose> poses,
                          std::span<const std::int64_t> ids, float min_keypoint_score) {
  return base::StrCat(FrameBegin(frame), ", \"milliseconds\": ",
                      app::FormatJsonNumber(stats.decode_ms + stats.estimate_ms, kMillisecondDecimals),
                      ", \"width\": ", stats.width_px, ", \"height\": ", stats.height_px,
                      ", \"poses\": ", app::PoseListToJson(poses, ids, min_keypoint_score), "}\n");
}

std::string FrameErrorResponse(const FramePosition& frame, const HttpError& error) {
  return base::StrCat(FrameBegin(frame), ", \"status\": ", error.status, ", \"error\": ", app::JsonString(error.detail),
                      "}\n");
}

}  // namespace posenet::server

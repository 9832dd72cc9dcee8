// SPDX-License-Identifier: Apache-2.0
// Response bodies: JSON in the shapes that the command prints.
#ifndef POSENET_SERVER_RESPONSES_H_
#define POSENET_SERVER_RESPONSES_H_

#include <cstdint>
#include <span>
#include <string>

#include "posenet/camera.h"
#include "posenet/pose.h"
#include "server/http_message.h"
#include "server/image_body.h"
#include "server/latest_frame.h"
#include "server/scenes.h"

namespace posenet::server {

/// The line of `posenet human estimate`; "image" is present only if the image has a name.
std::string PosesResponse(const NamedImage& image, std::span<const Pose> poses, float min_keypoint_score);

/// The line of `posenet camera localize`; "image" as above.
std::string CameraResponse(const NamedImage& image, const CameraEstimate& estimate, const Scene& scene,
                           double milliseconds);

/// {"frame", "dropped", "milliseconds", "width", "height", "poses"}: poses as above, each with an "id" before its score
/// unless `ids` is empty. Milliseconds are those of decoding and estimating.
std::string FrameResponse(const FramePosition& frame, const ProcessingStats& stats, std::span<const Pose> poses,
                          std::span<const std::int64_t> ids, float min_keypoint_score);

/// {"frame", "dropped", "status", "error"}.
std::string FrameErrorResponse(const FramePosition& frame, const HttpError& error);

}  // namespace posenet::server

#endif  // POSENET_SERVER_RESPONSES_H_

// SPDX-License-Identifier: Apache-2.0
// Answers as JSON, in the shapes of the command line's lines.
#ifndef POSENET_SERVER_ANSWERS_H_
#define POSENET_SERVER_ANSWERS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "posenet/camera.h"
#include "posenet/pose.h"
#include "server/http_message.h"
#include "server/human_query.h"
#include "server/image_body.h"
#include "server/scenes.h"

namespace posenet::server {

/// The line of `posenet human estimate`; "image" is only there where the image has a name.
std::string PosesAnswer(const NamedImage& image, std::span<const Pose> poses, float min_keypoint_score);

/// The line of `posenet camera localize`, with "image" as above.
std::string CameraAnswer(const NamedImage& image, const CameraEstimate& estimate, const Scene& scene,
                         double milliseconds);

/// Which frame of a stream is answered.
struct FrameHeader {
  std::int64_t number = 0;         ///< From 1, as they came.
  std::int64_t dropped_count = 0;  ///< Frames so far that a newer one replaced before their turn.
};

/// {"frame", "dropped", "milliseconds", "width", "height", "poses"}; poses as above, each with an "id" before its score
/// where `ids` are not empty. Milliseconds are those of decoding and estimating.
std::string FrameAnswer(const FrameHeader& frame, const Work& work, std::span<const Pose> poses,
                        std::span<const std::int64_t> ids, float min_keypoint_score);

/// {"frame", "dropped", "status", "error"}.
std::string FrameError(const FrameHeader& frame, int status, std::string_view message);

}  // namespace posenet::server

#endif  // POSENET_SERVER_ANSWERS_H_

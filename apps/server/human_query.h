// SPDX-License-Identifier: Apache-2.0
// Query parameters of human pose requests: the options of `posenet human estimate` that apply to a single request.
#ifndef POSENET_SERVER_HUMAN_QUERY_H_
#define POSENET_SERVER_HUMAN_QUERY_H_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "posenet/human.h"
#include "posenet/result.h"
#include "server/query.h"

namespace posenet::server {

/// Options of one request; defaults are those that the server was started with.
struct HumanRequest {
  PoseDecodeOptions decode = {};    ///< With the decoder that `single` means.
  std::optional<bool> single = {};  ///< Whether to decode one person or several.
  float min_pose_score = 0.0F;
  float min_keypoint_score = 0.0F;
  bool track = false;   ///< Streams: assign track IDs.
  bool smooth = false;  ///< Streams: smooth keypoints, which implies tracking.
};

/// Streams have two more parameters than single images: track and smooth.
enum class HumanInput { kImage, kStream };

/// What requests depend on of the server's estimator.
struct EstimatorTraits {
  PoseDecoder decoder = PoseDecoder::kHough;              ///< That of requests without another.
  PoseDecoder decoder_for_several = PoseDecoder::kHough;  ///< For several people, unless the model is for one.
  bool is_refined = false;                                ///< Each pose costs a run of the refiner.
};

/// Largest max-poses of a request whose poses are refined: about as many people as are legible in an image.
inline constexpr int kMaxRefinedPoses = 100;

/// Names of all parameters; the OpenAPI description must list the same.
std::vector<std::string_view> HumanParameterNames(HumanInput input);

/// `defaults`, changed by `query`.
/// Errors: kInvalidArgument for unknown parameters, values out of range, repeated or contradictory parameters, and
/// those without effect.
Result<HumanRequest> ParseHumanQuery(std::span<const QueryParameter> query, HumanInput input,
                                     const HumanRequest& defaults, const EstimatorTraits& estimator);

}  // namespace posenet::server

#endif  // POSENET_SERVER_HUMAN_QUERY_H_

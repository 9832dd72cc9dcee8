// SPDX-License-Identifier: Apache-2.0
// The options of `posenet human estimate` that make sense for one request, as parameters of its query.
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

/// What a request asks for; what it leaves open is as the server was started.
struct HumanRequest {
  PoseDecodeOptions decode = {};
  float min_pose_score = 0.0F;
  float min_keypoint_score = 0.0F;
  bool track = false;   ///< Streams: whether people get numbers that stay theirs.
  bool smooth = false;  ///< Streams: whether keypoints are steadied, which needs those numbers too.
};

/// Whether a request is about one image or a stream of them, which has two parameters more: track and smooth.
enum class HumanInput { kImage, kStream };

/// Names of all parameters, as the documentation of the API must have them.
std::vector<std::string_view> HumanParameterNames(HumanInput input);

/// `defaults` with what `query` changes.
/// Errors: kInvalidArgument for unknown parameters, values out of range, and parameters that come twice or contradict
/// each other.
Result<HumanRequest> ParseHumanQuery(std::span<const QueryParameter> query, HumanInput input,
                                     const HumanRequest& defaults);

}  // namespace posenet::server

#endif  // POSENET_SERVER_HUMAN_QUERY_H_

// SPDX-License-Identifier: Apache-2.0
// The way of every image: read, estimate, filter, answer.
#ifndef POSENET_CLI_ESTIMATE_ALL_H_
#define POSENET_CLI_ESTIMATE_ALL_H_

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "common/human_options.h"
#include "common/image_reader.h"
#include "common/inputs.h"
#include "common/pose_outputs.h"
#include "posenet/human.h"

namespace posenet::cli {

struct RunSummary {
  std::size_t failure_count = 0;    ///< Inputs that could not be read, estimated or drawn.
  std::vector<double> estimate_ms;  ///< Of each Estimate call: network and decoding, without reading.
};

/// Called with the poses that are left of input `index`.
using PosesCallback = std::function<void(std::size_t index, std::span<const Pose> poses)>;

/// Finds people in `inputs`, in order; each failure is a line on standard error and the rest goes on. Poses below
/// `min_pose_score` are dropped first. Throws CommandError on interruption and when an answer cannot be written.
RunSummary EstimateAll(const PoseEstimator& estimator, std::span<const app::Input> inputs, app::ReadAhead read_ahead,
                       float min_pose_score, app::PoseOutputs& outputs, const PosesCallback& on_poses = {});

}  // namespace posenet::cli

#endif  // POSENET_CLI_ESTIMATE_ALL_H_

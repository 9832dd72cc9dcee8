// SPDX-License-Identifier: Apache-2.0
// The loop of estimate and eval: read an image, estimate its poses, filter them, write them.
#ifndef POSENET_CLI_ESTIMATE_ALL_H_
#define POSENET_CLI_ESTIMATE_ALL_H_

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "common/image_run.h"
#include "common/pose_outputs.h"
#include "posenet/human.h"

namespace posenet::cli {

/// Called with the index of an input and the poses in it, after filtering.
using PosesCallback = std::function<void(std::size_t index, std::span<const Pose> poses)>;

/// Estimates the poses in the images of `run`, in order, drops those that score less than `min_pose_score`, and writes
/// the rest. Each failure is a line on standard error; the others are processed. Returns the duration in milliseconds
/// of each estimate: network and decoding, without reading. Throws CommandError if an output cannot be written.
std::vector<double> EstimateAll(const PoseEstimator& estimator, std::span<const app::Input> inputs,
                                app::ReadAhead read_ahead, float min_pose_score, app::ImageRun& run,
                                app::PoseOutputs& outputs, const PosesCallback& on_poses = {});

}  // namespace posenet::cli

#endif  // POSENET_CLI_ESTIMATE_ALL_H_

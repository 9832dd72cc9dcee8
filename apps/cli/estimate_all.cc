// SPDX-License-Identifier: Apache-2.0
#include "cli/estimate_all.h"

#include <string>
#include <utility>

#include "common/stopwatch.h"

namespace posenet::cli {

std::vector<double> EstimateAll(const PoseEstimator& estimator, std::span<const app::Input> inputs,
                                app::ReadAhead read_ahead, float min_pose_score, app::ImageRun& run,
                                app::PoseOutputs& outputs, const PosesCallback& on_poses) {
  std::vector<double> estimate_ms;
  const auto fail = [&](std::size_t index, const Error& error) {
    const std::string message = app::MessageWithoutName(error, inputs[index]);
    run.Report(index, message);
    outputs.WriteError(index, message);
  };
  run.ForEach(read_ahead, [&](std::size_t index, const Result<image::Image>& image) {
    if (!image.has_value()) return fail(index, image.error());
    const app::Stopwatch stopwatch;
    Result<std::vector<Pose>> poses = estimator.Estimate(image->View());
    estimate_ms.push_back(stopwatch.ElapsedMs());
    if (!poses.has_value()) return fail(index, poses.error());
    std::erase_if(*poses, [&](const Pose& pose) { return pose.score < min_pose_score; });
    if (on_poses) on_poses(index, *poses);
    const Result<void> drawn = outputs.WritePoses(index, *image, *poses);
    if (!drawn.has_value()) run.Report(index, drawn.error().message);
  });
  return estimate_ms;
}

}  // namespace posenet::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/estimate_all.h"

#include <string>
#include <utility>

#include "common/image_run.h"
#include "common/stopwatch.h"

namespace posenet::cli {
namespace {

// One run's state, so that each step is short.
class Runner {
 public:
  Runner(const PoseEstimator& estimator, std::span<const app::Input> inputs, float min_pose_score,
         app::PoseOutputs& outputs, const PosesCallback& on_poses)
      : estimator_(estimator),
        inputs_(inputs),
        min_pose_score_(min_pose_score),
        outputs_(outputs),
        on_poses_(on_poses),
        run_(inputs) {}

  RunSummary Run(app::ReadAhead read_ahead) {
    run_.ForEach(read_ahead, [this](std::size_t index, const Result<image::Image>& image) {
      if (!image.has_value()) {
        AnswerError(index, image.error());
      } else {
        Answer(index, *image);
      }
    });
    return {.failure_count = run_.failure_count(), .estimate_ms = std::move(estimate_ms_)};
  }

 private:
  void Answer(std::size_t index, const image::Image& image) {
    const app::Stopwatch stopwatch;
    Result<std::vector<Pose>> poses = estimator_.Estimate(image.View());
    estimate_ms_.push_back(stopwatch.ElapsedMs());
    if (!poses.has_value()) return AnswerError(index, poses.error());
    std::erase_if(*poses, [&](const Pose& pose) { return pose.score < min_pose_score_; });
    if (on_poses_) on_poses_(index, *poses);
    const Result<void> drawn = outputs_.WritePoses(index, image, *poses);
    if (!drawn.has_value()) run_.Report(index, drawn.error().message);
  }

  void AnswerError(std::size_t index, const Error& error) {
    const std::string message = app::MessageWithoutName(error, inputs_[index]);
    run_.Report(index, message);
    outputs_.WriteError(index, message);
  }

  const PoseEstimator& estimator_;
  std::span<const app::Input> inputs_;
  float min_pose_score_;
  app::PoseOutputs& outputs_;
  const PosesCallback& on_poses_;
  app::ImageRun run_;
  std::vector<double> estimate_ms_;
};

}  // namespace

RunSummary EstimateAll(const PoseEstimator& estimator, std::span<const app::Input> inputs, app::ReadAhead read_ahead,
                       float min_pose_score, app::PoseOutputs& outputs, const PosesCallback& on_poses) {
  return Runner(estimator, inputs, min_pose_score, outputs, on_poses).Run(read_ahead);
}

}  // namespace posenet::cli

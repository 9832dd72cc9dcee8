// SPDX-License-Identifier: Apache-2.0
#include "estimate_all.h"

#include <string>
#include <utility>

#include "picture_run.h"
#include "stopwatch.h"

namespace posenet::cli {
namespace {

// One run's state, so that each step is short.
class Runner {
 public:
  Runner(const PoseEstimator& estimator, std::span<const Input> inputs, float min_pose_score, PoseOutputs& outputs,
         const PosesCallback& on_poses)
      : estimator_(estimator),
        inputs_(inputs),
        min_pose_score_(min_pose_score),
        outputs_(outputs),
        on_poses_(on_poses),
        run_(inputs) {}

  RunSummary Run(ReadAhead read_ahead) {
    run_.ForEach(read_ahead, [this](std::size_t index, const Result<Image>& image) {
      if (!image.has_value()) {
        AnswerError(index, image.error());
      } else {
        Answer(index, *image);
      }
    });
    return {.failure_count = run_.failure_count(), .estimate_ms = std::move(estimate_ms_)};
  }

 private:
  void Answer(std::size_t index, const Image& image) {
    const Stopwatch stopwatch;
    Result<std::vector<Pose>> poses = estimator_.Estimate(image.View());
    estimate_ms_.push_back(stopwatch.ElapsedMs());
    if (!poses.has_value()) return AnswerError(index, poses.error());
    std::erase_if(*poses, [&](const Pose& pose) { return pose.score < min_pose_score_; });
    if (on_poses_) on_poses_(index, *poses);
    const Result<void> drawn = outputs_.WritePoses(index, image, *poses);
    if (!drawn.has_value()) run_.Report(index, drawn.error().message);
  }

  void AnswerError(std::size_t index, const Error& error) {
    const std::string message = MessageWithoutName(error, inputs_[index]);
    run_.Report(index, message);
    outputs_.WriteError(index, message);
  }

  const PoseEstimator& estimator_;
  std::span<const Input> inputs_;
  float min_pose_score_;
  PoseOutputs& outputs_;
  const PosesCallback& on_poses_;
  PictureRun run_;
  std::vector<double> estimate_ms_;
};

}  // namespace

RunSummary EstimateAll(const PoseEstimator& estimator, std::span<const Input> inputs, ReadAhead read_ahead,
                       float min_pose_score, PoseOutputs& outputs, const PosesCallback& on_poses) {
  return Runner(estimator, inputs, min_pose_score, outputs, on_poses).Run(read_ahead);
}

}  // namespace posenet::cli

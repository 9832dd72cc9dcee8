// SPDX-License-Identifier: Apache-2.0
#include "estimate_all.h"

#include <chrono>
#include <string>

#include "base/error.h"
#include "progress.h"
#include "signals.h"
#include "standard_streams.h"

namespace posenet::cli {
namespace {

Result<std::vector<Pose>> TimedEstimate(const PoseEstimator& estimator, const Image& image,
                                        std::vector<double>& estimate_ms) {
  const auto start = std::chrono::steady_clock::now();
  Result<std::vector<Pose>> poses = estimator.Estimate(image.View());
  estimate_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  return poses;
}

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
        progress_(inputs.size()) {}

  RunSummary Run(ReadAhead read_ahead) {
    PictureReader reader(inputs_, read_ahead);
    // On a terminal the bar makes way for every line of the answer; redirected answers do not disturb it.
    const bool answers_beside_bar = StandardOutputIsTerminal();
    for (std::size_t index = 0; index < inputs_.size(); ++index) {
      ThrowIfInterrupted();
      progress_.Show(index);
      const Result<Image> image = reader.Next();
      if (answers_beside_bar) progress_.Hide();
      if (!image.has_value()) {
        AnswerError(index, image.error());
      } else {
        Answer(index, *image);
      }
    }
    ThrowIfInterrupted();
    return std::move(summary_);
  }

 private:
  void Answer(std::size_t index, const Image& image) {
    Result<std::vector<Pose>> poses = TimedEstimate(estimator_, image, summary_.estimate_ms);
    if (!poses.has_value()) return AnswerError(index, poses.error());
    std::erase_if(*poses, [&](const Pose& pose) { return pose.score < min_pose_score_; });
    if (on_poses_) on_poses_(index, *poses);
    const Result<void> drawn = outputs_.WritePoses(index, image, *poses);
    if (!drawn.has_value()) Report(index, drawn.error().message);
  }

  void AnswerError(std::size_t index, const Error& error) {
    const std::string message = MessageWithoutName(error, inputs_[index]);
    Report(index, message);
    outputs_.WriteError(index, message);
  }

  void Report(std::size_t index, const std::string& message) {
    ++summary_.failure_count;
    progress_.Hide();
    PrintError(StrCat(Printable(inputs_[index].name), ": ", message));
  }

  const PoseEstimator& estimator_;
  std::span<const Input> inputs_;
  float min_pose_score_;
  PoseOutputs& outputs_;
  const PosesCallback& on_poses_;
  ProgressBar progress_;
  RunSummary summary_;
};

}  // namespace

RunSummary EstimateAll(const PoseEstimator& estimator, std::span<const Input> inputs, ReadAhead read_ahead,
                       float min_pose_score, PoseOutputs& outputs, const PosesCallback& on_poses) {
  return Runner(estimator, inputs, min_pose_score, outputs, on_poses).Run(read_ahead);
}

}  // namespace posenet::cli

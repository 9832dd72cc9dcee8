// SPDX-License-Identifier: Apache-2.0
#include "cli/localize_frames.h"

#include <deque>
#include <string>
#include <utility>

#include "common/image_run.h"
#include "common/signals.h"
#include "common/stopwatch.h"

namespace posenet::cli {
namespace {

// The frames of a split as inputs, and where runs of consecutive ones begin.
struct FrameInputs {
  std::vector<app::Input> inputs;
  std::vector<bool> begins_run;
};

FrameInputs InputsOf(const camera::Scene& scene, camera::Split split) {
  FrameInputs frames;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const camera::Frame& frame = scene.frames[i];
    if (frame.split != split) continue;
    const bool goes_on = i > 0 && scene.frames[i - 1].split == split && scene.frames[i - 1].sequence == frame.sequence;
    frames.inputs.push_back({.name = frame.image.native(), .relative = frame.image.filename(), .error = std::nullopt});
    frames.begins_run.push_back(!goes_on);
  }
  return frames;
}

class FrameRunner {
 public:
  FrameRunner(const CameraLocalizer& localizer, const FrameInputs& frames)
      : localizer_(localizer),
        frames_(frames),
        run_(frames.inputs),
        length_(static_cast<std::size_t>(localizer.scene().sequence_length)) {}

  LocalizedFrames Run(app::ReadAhead read_ahead) {
    localized_.estimates.resize(frames_.inputs.size());
    run_.ForEach(read_ahead, [this](std::size_t index, const Result<image::Image>& image) {
      if (frames_.begins_run[index]) EndRun();
      if (!image.has_value()) {
        // What comes next is not consecutive.
        EndRun();
        return Fail(index, image.error());
      }
      recent_.push_back({.index = index, .image = *image});
      if (recent_.size() > length_) recent_.pop_front();
      if (++unanswered_ == length_) Answer();
    });
    app::ThrowIfInterrupted();
    EndRun();
    localized_.failure_count = run_.failure_count();
    return std::move(localized_);
  }

 private:
  struct RecentFrame {
    std::size_t index = 0;
    image::Image image;
  };

  void EndRun() {
    if (unanswered_ > 0) Answer();
    recent_.clear();
  }

  // Looks at the recent frames together, for the sake of the last of them, which are unanswered.
  void Answer() {
    std::vector<ImageView> photos;
    for (const RecentFrame& frame : recent_) photos.push_back(frame.image.View());
    const app::Stopwatch stopwatch;
    Result<std::vector<CameraEstimate>> estimates = localizer_.LocalizeSequence(photos);
    const double frame_ms = stopwatch.ElapsedMs() / static_cast<double>(photos.size());
    for (std::size_t i = recent_.size() - unanswered_; i < recent_.size(); ++i) {
      const std::size_t index = recent_[i].index;
      if (!estimates.has_value()) {
        Fail(index, estimates.error());
        continue;
      }
      localized_.estimates[index] = std::move((*estimates)[i]);
      localized_.frame_ms.push_back(frame_ms);
    }
    unanswered_ = 0;
  }

  void Fail(std::size_t index, const Error& error) {
    run_.Report(index, app::MessageWithoutName(error, frames_.inputs[index]));
  }

  const CameraLocalizer& localizer_;
  const FrameInputs& frames_;
  app::ImageRun run_;
  std::size_t length_;
  std::deque<RecentFrame> recent_;  // Consecutive; at most `length_`.
  std::size_t unanswered_ = 0;      // Of them, the last.
  LocalizedFrames localized_;
};

}  // namespace

LocalizedFrames LocalizeFrames(const CameraLocalizer& localizer, const camera::Scene& scene, camera::Split split,
                               app::ReadAhead read_ahead) {
  const FrameInputs frames = InputsOf(scene, split);
  return FrameRunner(localizer, frames).Run(read_ahead);
}

}  // namespace posenet::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/localize_frames.h"

#include <utility>

#include "camera/sequence_localizer.h"
#include "common/image_run.h"
#include "common/signals.h"

namespace posenet::cli {
namespace {

// The frames of a split as inputs.
struct FrameInputs {
  std::vector<app::Input> inputs;
  std::vector<bool> follows_previous;
};

FrameInputs InputsOf(const camera::Scene& scene, camera::Split split) {
  FrameInputs frames;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const camera::Frame& frame = scene.frames[i];
    if (frame.split != split) continue;
    frames.inputs.push_back({.name = frame.image.native(), .relative = frame.image.filename(), .error = std::nullopt});
    frames.follows_previous.push_back(camera::FollowsPrevious(scene, i));
  }
  return frames;
}

}  // namespace

LocalizedFrames LocalizeFrames(const CameraLocalizer& localizer, const camera::Scene& scene, camera::Split split,
                               app::ReadAhead read_ahead) {
  const FrameInputs frames = InputsOf(scene, split);
  app::ImageRun run(frames.inputs);
  LocalizedFrames localized;
  localized.estimates.resize(frames.inputs.size());
  const auto fail = [&](std::size_t index, const Error& error) {
    run.Report(index, app::MessageWithoutName(error, frames.inputs[index]));
  };
  camera::SequenceLocalizer sequence(localizer,
                                     [&](std::size_t index, Result<CameraEstimate> estimate, double time_ms) {
                                       if (!estimate.has_value()) return fail(index, estimate.error());
                                       localized.estimates[index] = *std::move(estimate);
                                       localized.frame_ms.push_back(time_ms);
                                     });
  run.ForEach(read_ahead, [&](std::size_t index, const Result<image::Image>& image) {
    // The frames before and after one that cannot be read are not consecutive.
    if (!frames.follows_previous[index] || !image.has_value()) sequence.EndSequence();
    if (!image.has_value()) return fail(index, image.error());
    sequence.Add(index, *image);
  });
  app::ThrowIfInterrupted();
  sequence.EndSequence();
  localized.failure_count = run.failure_count();
  return localized;
}

}  // namespace posenet::cli

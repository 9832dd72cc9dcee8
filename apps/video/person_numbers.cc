// SPDX-License-Identifier: Apache-2.0
#include "person_numbers.h"

#include "command_error.h"

namespace posenet::video_app {

PersonNumbers::PersonNumbers(const PersonOptions& options) {
  if (options.track || options.smooth) {
    tracker_ = cli::ValueOrThrow(PoseTracker::Create(options.tracker), cli::ExitCode::kUsage);
  }
  if (options.smooth) {
    smoother_ = cli::ValueOrThrow(PoseSmoother::Create(options.smoother), cli::ExitCode::kUsage);
  }
}

std::vector<std::int64_t> PersonNumbers::Follow(std::span<Pose> poses, double time_s) {
  if (!tracker_) return {};
  std::vector<std::int64_t> ids = cli::ValueOrThrow(tracker_->Update(poses, time_s));
  if (smoother_) cli::ValueOrThrow(smoother_->Smooth(poses, ids, time_s));
  return ids;
}

}  // namespace posenet::video_app

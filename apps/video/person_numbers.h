// SPDX-License-Identifier: Apache-2.0
// Who is who from frame to frame, and steady keypoints, as the command line asks for them.
#ifndef POSENET_VIDEO_APP_PERSON_NUMBERS_H_
#define POSENET_VIDEO_APP_PERSON_NUMBERS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "posenet/pose.h"
#include "posenet/track.h"

namespace posenet::video_app {

struct PersonOptions {
  bool track = false;
  bool smooth = false;  ///< Also tracks.
  PoseTrackerOptions tracker = {};
  PoseSmootherOptions smoother = {};
};

class PersonNumbers {
 public:
  /// Throws CommandError for options out of range.
  explicit PersonNumbers(const PersonOptions& options);

  /// Smooths the poses of a frame in place, where asked for, and answers a number for each, or none at all where people
  /// are not tracked.
  std::vector<std::int64_t> Follow(std::span<Pose> poses, double time_s);

 private:
  std::optional<PoseTracker> tracker_;
  std::optional<PoseSmoother> smoother_;
};

}  // namespace posenet::video_app

#endif  // POSENET_VIDEO_APP_PERSON_NUMBERS_H_

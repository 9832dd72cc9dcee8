// SPDX-License-Identifier: Apache-2.0
// Who is who from frame to frame, and steady keypoints, as far as somebody asks for them.
#ifndef POSENET_COMMON_PEOPLE_OVER_TIME_H_
#define POSENET_COMMON_PEOPLE_OVER_TIME_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "posenet/pose.h"
#include "posenet/result.h"
#include "posenet/track.h"

namespace posenet::app {

struct PeopleOptions {
  bool track = false;   ///< Answer numbers.
  bool smooth = false;  ///< Steady keypoints.
  PoseTrackerOptions tracker = {};
  PoseSmootherOptions smoother = {};
};

/// The people of one video or stream. For use by one thread at a time.
class PeopleOverTime {
 public:
  /// Errors: those of PoseTracker::Create and PoseSmoother::Create.
  static Result<PeopleOverTime> Create(const PeopleOptions& options);

  /// Smooths the poses of a frame in place, where asked for, and answers a number for each, or none at all where
  /// numbers were not asked for. Where they were, poses that are nobody's yet (PoseTracker::Update) are taken out.
  /// `time_s` is the frame's, never earlier than the one before. Errors: those of the tracker and the smoother.
  Result<std::vector<std::int64_t>> Update(std::vector<Pose>& poses, double time_s);

 private:
  PeopleOverTime() = default;

  std::optional<PoseTracker> tracker_;
  std::optional<PoseSmoother> smoother_;
  bool answers_ids_ = false;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_PEOPLE_OVER_TIME_H_

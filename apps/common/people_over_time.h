// SPDX-License-Identifier: Apache-2.0
// Tracking and smoothing of the people in a video or stream, each on request.
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
  bool track = false;   ///< Assign track IDs.
  bool smooth = false;  ///< Smooth keypoints, which tracks internally.
  PoseTrackerOptions tracker = {};
  PoseSmootherOptions smoother = {};
};

/// The people in one video or stream. For use by one thread at a time.
class PeopleOverTime {
 public:
  /// Errors: those of PoseTracker::Create and PoseSmoother::Create.
  static Result<PeopleOverTime> Create(const PeopleOptions& options);

  /// Processes the poses of one frame in place. With smoothing, moves their keypoints. With tracking, removes the poses
  /// of tentative tracks (PoseTracker::Update) and returns a track ID for each that is left; otherwise returns an empty
  /// list. `time_s` must not be earlier than that of the frame before. Errors: those of the tracker and the smoother.
  Result<std::vector<std::int64_t>> Update(std::vector<Pose>& poses, double time_s);

 private:
  PeopleOverTime() = default;

  std::optional<PoseTracker> tracker_;
  std::optional<PoseSmoother> smoother_;
  bool returns_ids_ = false;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_PEOPLE_OVER_TIME_H_

// SPDX-License-Identifier: Apache-2.0
// Following, tracking and smoothing of the people in a video or stream, each on request.
#ifndef POSENET_COMMON_PEOPLE_OVER_TIME_H_
#define POSENET_COMMON_PEOPLE_OVER_TIME_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "posenet/follow.h"
#include "posenet/human.h"
#include "posenet/pose.h"
#include "posenet/result.h"
#include "posenet/track.h"

namespace posenet::app {

struct PeopleOptions {
  bool track = false;   ///< Assign track IDs.
  bool smooth = false;  ///< Smooth keypoints, which tracks internally.
  PoseTrackerOptions tracker = {};
  PoseSmootherOptions smoother = {};
  int propose_every = PeopleFollowerOptions().propose_every;  ///< Used with a refiner.
};

/// Whether a PeopleFollower estimates the poses: people are tracked and refined, and not detected in every frame.
bool FollowsPeople(const PeopleOptions& options, bool is_refined);

/// The follower of people with a pose score of at least `min_pose_score`. `estimator` must outlive it and has a
/// refiner. Errors: those of PeopleFollower::Create.
Result<PeopleFollower> CreateFollower(const PoseEstimator& estimator, const PeopleOptions& options,
                                      const PoseDecodeOptions& decode, float min_pose_score);

/// Who assigns track IDs.
enum class IdSource {
  kTracker,   ///< PeopleOverTime itself.
  kFollower,  ///< The PeopleFollower that estimates the poses, so that people are not tracked twice.
};

/// The people in one video or stream. For use by one thread at a time.
class PeopleOverTime {
 public:
  /// Errors: those of PoseTracker::Create and PoseSmoother::Create.
  static Result<PeopleOverTime> Create(const PeopleOptions& options, IdSource id_source = IdSource::kTracker);

  /// Processes the poses of one frame in place. With smoothing, moves their keypoints. With tracking, removes the poses
  /// of tentative tracks (PoseTracker::Update) and returns a track ID for each that is left; otherwise returns an empty
  /// list. `known_ids` are those of the follower, one per pose; ignored with kTracker. `time_s` must not be earlier
  /// than that of the frame before. Errors: those of the tracker and the smoother.
  Result<std::vector<std::int64_t>> Update(std::vector<Pose>& poses, std::span<const std::int64_t> known_ids,
                                           double time_s);

 private:
  PeopleOverTime() = default;

  std::optional<PoseTracker> tracker_;
  std::optional<PoseSmoother> smoother_;
  IdSource id_source_ = IdSource::kTracker;
  bool returns_ids_ = false;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_PEOPLE_OVER_TIME_H_

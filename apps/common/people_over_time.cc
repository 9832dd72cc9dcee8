// SPDX-License-Identifier: Apache-2.0
#include "common/people_over_time.h"

#include <cstddef>
#include <utility>

#include "base/error.h"

namespace posenet::app {

bool FollowsPeople(const PeopleOptions& options, bool is_refined) {
  // If people are detected in every frame, frames do not depend on each other, and can be processed in parallel.
  return is_refined && (options.track || options.smooth) && options.propose_every > 1;
}

Result<PeopleFollower> CreateFollower(const PoseEstimator& estimator, const PeopleOptions& options,
                                      const PoseDecodeOptions& decode, float min_pose_score) {
  return PeopleFollower::Create(estimator, {.propose_every = options.propose_every,
                                            .min_pose_score = min_pose_score,
                                            .tracker = options.tracker,
                                            .decode = decode});
}

Result<PeopleOverTime> PeopleOverTime::Create(const PeopleOptions& options, IdSource id_source) {
  PeopleOverTime people;
  people.id_source_ = id_source;
  people.returns_ids_ = options.track;
  // Keypoints are smoothed along tracks.
  if ((options.track || options.smooth) && id_source == IdSource::kTracker) {
    POSENET_ASSIGN_OR_RETURN(people.tracker_, PoseTracker::Create(options.tracker));
  }
  if (options.smooth) {
    POSENET_ASSIGN_OR_RETURN(people.smoother_, PoseSmoother::Create(options.smoother));
  }
  return people;
}

Result<std::vector<std::int64_t>> PeopleOverTime::Update(std::vector<Pose>& poses,
                                                         std::span<const std::int64_t> known_ids, double time_s) {
  std::vector<std::int64_t> ids;
  if (id_source_ == IdSource::kFollower) {
    ids.assign(known_ids.begin(), known_ids.end());
  } else if (tracker_) {
    POSENET_ASSIGN_OR_RETURN(ids, tracker_->Update(poses, time_s));
  } else {
    return ids;
  }
  if (smoother_) POSENET_RETURN_IF_ERROR(smoother_->Smooth(poses, ids, time_s));
  if (!returns_ids_) return std::vector<std::int64_t>();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] == 0) continue;
    ids[kept] = ids[i];
    poses[kept++] = poses[i];
  }
  ids.resize(kept);
  poses.resize(kept);
  return ids;
}

}  // namespace posenet::app

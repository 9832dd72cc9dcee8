// SPDX-License-Identifier: Apache-2.0
#include "common/people_over_time.h"

#include <cstddef>
#include <utility>

#include "base/error.h"

namespace posenet::app {

Result<PeopleOverTime> PeopleOverTime::Create(const PeopleOptions& options) {
  PeopleOverTime people;
  people.returns_ids_ = options.track;
  // Keypoints are smoothed along tracks.
  if (options.track || options.smooth) {
    POSENET_ASSIGN_OR_RETURN(people.tracker_, PoseTracker::Create(options.tracker));
  }
  if (options.smooth) {
    POSENET_ASSIGN_OR_RETURN(people.smoother_, PoseSmoother::Create(options.smoother));
  }
  return people;
}

Result<std::vector<std::int64_t>> PeopleOverTime::Update(std::vector<Pose>& poses, double time_s) {
  if (!tracker_) return std::vector<std::int64_t>();
  POSENET_ASSIGN_OR_RETURN(std::vector<std::int64_t> ids, tracker_->Update(poses, time_s));
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

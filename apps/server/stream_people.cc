// SPDX-License-Identifier: Apache-2.0
#include "stream_people.h"

#include <utility>

#include "base/error.h"

namespace posenet::server {

Result<StreamPeople> StreamPeople::Create(const HumanRequest& request) {
  StreamPeople people;
  people.answers_ids_ = request.track;
  // Smoothing needs to know whose keypoints they are.
  if (request.track || request.smooth) {
    POSENET_ASSIGN_OR_RETURN(people.tracker_, PoseTracker::Create());
  }
  if (request.smooth) {
    POSENET_ASSIGN_OR_RETURN(people.smoother_, PoseSmoother::Create());
  }
  return people;
}

Result<std::vector<std::int64_t>> StreamPeople::Update(std::vector<Pose>& poses, double time_s) {
  if (!tracker_) return std::vector<std::int64_t>();
  POSENET_ASSIGN_OR_RETURN(std::vector<std::int64_t> ids, tracker_->Update(poses, time_s));
  if (smoother_) POSENET_RETURN_IF_ERROR(smoother_->Smooth(poses, ids, time_s));
  if (!answers_ids_) ids.clear();
  return ids;
}

}  // namespace posenet::server

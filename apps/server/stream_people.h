// SPDX-License-Identifier: Apache-2.0
// Who is who in a stream.
#ifndef POSENET_SERVER_STREAM_PEOPLE_H_
#define POSENET_SERVER_STREAM_PEOPLE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "human_query.h"
#include "posenet/pose.h"
#include "posenet/result.h"
#include "posenet/track.h"

namespace posenet::server {

/// Numbers the people of one stream and steadies their keypoints, as its request asks. For use by one thread at a time.
class StreamPeople {
 public:
  /// Errors: those of PoseTracker::Create and PoseSmoother::Create.
  static Result<StreamPeople> Create(const HumanRequest& request);

  /// Smooths `poses` where that was asked for. Answers their numbers, or nothing where no numbers were asked for.
  /// `time_s` is when the frame came, never earlier than for the frame before.
  /// Errors: those of the tracker and the smoother.
  Result<std::vector<std::int64_t>> Update(std::vector<Pose>& poses, double time_s);

 private:
  StreamPeople() = default;

  std::optional<PoseTracker> tracker_;
  std::optional<PoseSmoother> smoother_;
  bool answers_ids_ = false;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_STREAM_PEOPLE_H_

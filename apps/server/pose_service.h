// SPDX-License-Identifier: Apache-2.0
// Estimates the poses that admitted requests ask for, on the workers of a JobQueue. Knows no sockets.
#ifndef POSENET_SERVER_POSE_SERVICE_H_
#define POSENET_SERVER_POSE_SERVICE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/human_options.h"
#include "common/people_over_time.h"
#include "image/image.h"
#include "posenet/follow.h"
#include "posenet/pose.h"
#include "posenet/result.h"
#include "server/admission.h"
#include "server/byte_budget.h"
#include "server/http_message.h"
#include "server/human_query.h"
#include "server/job_queue.h"
#include "server/latest_frame.h"
#include "server/metrics.h"

namespace posenet::server {

/// The state of one stream. For use by one job at a time.
struct PoseStream {
  HumanRequest request;
  std::optional<PeopleFollower> follower;  ///< If tracked people are refined.
  app::PeopleOverTime people;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

/// For any number of threads.
class PoseService {
 public:
  using ResponseCallback = std::function<void(HttpResult<Response>)>;
  /// Receives the frame's JSON (responses.h).
  using FrameCallback = std::function<void(HttpResult<std::string>)>;

  /// `human`, `metrics` and `jobs` must outlive this. Streams have the options `people`, except that each requests
  /// tracking and smoothing for itself. Images of more than `max_pixels` are rejected.
  PoseService(const app::Engine& human, const app::PeopleOptions& people, std::int64_t max_pixels, Metrics& metrics,
              JobQueue& jobs);

  /// Serves a request of kHumanPoses or kCameraPose: calls `done` from a worker, or at once with 503 if the queue is
  /// full. `share` is held until then.
  void Process(const AdmittedRequest& request, std::string body, BudgetShare share, const ResponseCallback& done) const;

  /// The state of a stream with the options of `request`. Errors: kInvalidArgument for options out of range.
  [[nodiscard]] Result<std::shared_ptr<PoseStream>> OpenStream(const HumanRequest& request) const;

  /// Estimates the poses in `frame`: calls `done` from a worker, or at once with 503 if the queue is full.
  void ProcessFrame(const std::shared_ptr<PoseStream>& stream, StreamFrame frame, const FrameCallback& done) const;

 private:
  [[nodiscard]] HttpResult<Response> Compute(const AdmittedRequest& request, const std::string& body,
                                             double queue_ms) const;
  [[nodiscard]] HttpResult<std::string> ComputeFrame(PoseStream& stream, const StreamFrame& frame) const;
  /// By the follower, if there is one, for `time_s`.
  [[nodiscard]] Result<std::vector<Pose>> EstimatePoses(const image::Image& image, const HumanRequest& request,
                                                        PeopleFollower* follower, double time_s,
                                                        ProcessingStats& stats) const;

  const app::Engine& human_;
  const app::PeopleOptions people_;
  const std::int64_t max_pixels_;
  Metrics& metrics_;
  JobQueue& jobs_;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_POSE_SERVICE_H_

// SPDX-License-Identifier: Apache-2.0
#include "server/pose_service.h"

#include <cstdint>
#include <new>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/strings.h"
#include "common/stopwatch.h"
#include "server/image_body.h"
#include "server/problem.h"
#include "server/responses.h"

namespace posenet::server {
namespace {

constexpr const char* kQueueIsFull = "the request queue is full; retry in 1 second";

// The Server-Timing field (W3C): pages can display it, and proxies log it.
std::string ServerTiming(const ProcessingStats& stats) {
  return base::StrCat("queue;dur=", stats.queue_ms, ", decode;dur=", stats.decode_ms,
                      ", estimate;dur=", stats.estimate_ms);
}

double MillisecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

// compute()'s result, or 503 if it runs out of memory.
template <typename Compute>
auto CatchOutOfMemory(Compute compute) -> decltype(compute()) {
  try {
    return compute();
  } catch (const std::bad_alloc&) {
    return HttpFailure(503, "not enough memory for this image; retry in 1 second");
  }
}

}  // namespace

PoseService::PoseService(const app::Engine& human, const app::PeopleOptions& people, std::int64_t max_pixels,
                         Metrics& metrics, JobQueue& jobs)
    : human_(human), people_(people), max_pixels_(max_pixels), metrics_(metrics), jobs_(jobs) {}

void PoseService::Process(const AdmittedRequest& request, std::string body, BudgetShare share,
                          const ResponseCallback& done) const {
  struct Job {
    AdmittedRequest request;
    std::string body;
    BudgetShare share;
    ResponseCallback done;
    std::chrono::steady_clock::time_point arrival;
  };
  // Shared, because std::function copies what it holds and a BudgetShare can only be moved.
  const auto job =
      std::make_shared<Job>(Job{request, std::move(body), std::move(share), done, std::chrono::steady_clock::now()});
  const bool is_queued = jobs_.TryPush([this, job] {
    job->done(CatchOutOfMemory([&] { return Compute(job->request, job->body, MillisecondsSince(job->arrival)); }));
  });
  if (is_queued) return;
  metrics_.CountRejection(Rejection::kQueue);
  done(HttpFailure(503, kQueueIsFull));
}

HttpResult<Response> PoseService::Compute(const AdmittedRequest& request, const std::string& body,
                                          double queue_ms) const {
  const app::Stopwatch decoding;
  const HttpResult<NamedImage> named = DecodeImageBody(request.content_type, body, max_pixels_);
  if (!named.has_value()) return tl::unexpected(named.error());
  const image::Image& image = named->image;
  Response response;
  ProcessingStats& stats = response.stats;
  stats = {.width_px = image.width_px, .height_px = image.height_px, .queue_ms = queue_ms};
  stats.decode_ms = decoding.ElapsedMs();
  metrics_.AddPixels(static_cast<std::int64_t>(image.width_px) * image.height_px);
  if (request.route == RouteId::kHumanPoses) {
    const auto poses = EstimatePoses(image, request.human, /*follower=*/nullptr, /*time_s=*/0.0, stats);
    if (!poses.has_value()) return tl::unexpected(ToHttpError(poses.error()));
    response.body = PosesResponse(*named, *poses, request.human.min_keypoint_score);
  } else {
    const app::Stopwatch localizing;
    const auto estimate = request.scene->localizer.Localize(image.View());
    stats.estimate_ms = localizing.ElapsedMs();
    if (!estimate.has_value()) return tl::unexpected(ToHttpError(estimate.error()));
    response.body = CameraResponse(*named, *estimate, *request.scene, stats.estimate_ms);
  }
  response.headers.emplace_back("Server-Timing", ServerTiming(stats));
  return response;
}

Result<std::vector<Pose>> PoseService::EstimatePoses(const image::Image& image, const HumanRequest& request,
                                                     PeopleFollower* follower, double time_s,
                                                     ProcessingStats& stats) const {
  const app::Stopwatch estimating;
  const auto estimate = [&]() -> Result<std::vector<Pose>> {
    if (follower != nullptr) return follower->Estimate(image.View(), time_s);
    std::vector<Pose> poses;
    POSENET_RETURN_IF_ERROR(human_.estimator.Estimate(image.View(), request.decode, poses));
    std::erase_if(poses, [&](const Pose& pose) { return pose.score < request.min_pose_score; });
    return poses;
  };
  Result<std::vector<Pose>> poses = estimate();
  if (!poses.has_value()) {
    // The request's decoder is for other models: a wrong parameter, not a wrong type of image.
    if (poses.error().code != ErrorCode::kUnsupported) return poses;
    return base::Fail(ErrorCode::kInvalidArgument, poses.error().message);
  }
  stats.estimate_ms = estimating.ElapsedMs();
  stats.people = poses->size();
  return poses;
}

Result<std::shared_ptr<PoseStream>> PoseService::OpenStream(const HumanRequest& request) const {
  app::PeopleOptions options = people_;
  options.track = request.track;
  options.smooth = request.smooth;
  std::optional<PeopleFollower> follower;
  if (app::FollowsPeople(options, human_.estimator.options().refiner != nullptr)) {
    // A track must end when its person is gone, even if poses of all scores are wanted.
    const float min_pose_score = request.min_pose_score > 0.0F ? request.min_pose_score : app::kMinShownPoseScore;
    POSENET_ASSIGN_OR_RETURN(follower, app::CreateFollower(human_.estimator, options, request.decode, min_pose_score));
  }
  POSENET_ASSIGN_OR_RETURN(
      app::PeopleOverTime people,
      app::PeopleOverTime::Create(options, follower ? app::IdSource::kFollower : app::IdSource::kTracker));
  return std::make_shared<PoseStream>(
      PoseStream{.request = request, .follower = std::move(follower), .people = std::move(people)});
}

void PoseService::ProcessFrame(const std::shared_ptr<PoseStream>& stream, StreamFrame frame,
                               const FrameCallback& done) const {
  const auto shared = std::make_shared<StreamFrame>(std::move(frame));
  const bool is_queued = jobs_.TryPush([this, stream, shared, done] {
    HttpResult<std::string> json = CatchOutOfMemory([&] { return ComputeFrame(*stream, *shared); });
    metrics_.CountFrame(json.has_value() ? FrameOutcome::kProcessed : FrameOutcome::kFailed);
    done(std::move(json));
  });
  if (is_queued) return;
  metrics_.CountRejection(Rejection::kQueue);
  metrics_.CountFrame(FrameOutcome::kFailed);
  done(HttpFailure(503, kQueueIsFull));
}

HttpResult<std::string> PoseService::ComputeFrame(PoseStream& stream, const StreamFrame& frame) const {
  const app::Stopwatch decoding;
  const HttpResult<NamedImage> named = DecodeImageBody("", frame.bytes, max_pixels_);
  if (!named.has_value()) return tl::unexpected(named.error());
  const image::Image& image = named->image;
  ProcessingStats stats = {.width_px = image.width_px, .height_px = image.height_px, .decode_ms = decoding.ElapsedMs()};
  metrics_.AddPixels(static_cast<std::int64_t>(image.width_px) * image.height_px);
  const double time_s = std::chrono::duration<double>(frame.arrival - stream.start).count();
  PeopleFollower* const follower = stream.follower ? &*stream.follower : nullptr;
  auto poses = EstimatePoses(image, stream.request, follower, time_s, stats);
  if (!poses.has_value()) return tl::unexpected(ToHttpError(poses.error()));
  const auto known_ids = follower != nullptr ? follower->ids() : std::span<const std::int64_t>();
  const auto ids = stream.people.Update(*poses, known_ids, time_s);
  if (!ids.has_value()) return tl::unexpected(ToHttpError(ids.error()));
  return FrameResponse(frame.position, stats, *poses, *ids, stream.request.min_keypoint_score);
}

}  // namespace posenet::server

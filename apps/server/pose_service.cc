// SPDX-License-Identifier: Apache-2.0
#include "server/pose_service.h"

#include <new>
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

PoseService::PoseService(const app::Engine& human, std::int64_t max_pixels, Metrics& metrics, JobQueue& jobs)
    : human_(human), max_pixels_(max_pixels), metrics_(metrics), jobs_(jobs) {}

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
    const auto poses = EstimatePoses(image, request.human, stats);
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
                                                     ProcessingStats& stats) const {
  const app::Stopwatch estimating;
  std::vector<Pose> poses;
  PoseDecodeOptions decode = request.decode;
  if (decode.decoder == PoseDecoder::kTfjsSingle) {
    decode.decoder = app::SingleDecoderFor(*human_.estimator.options().decoder);
  }
  const Result<void> estimated = human_.estimator.Estimate(image.View(), decode, poses);
  if (!estimated.has_value()) {
    // The request's decoder is for other models: a wrong parameter, not a wrong type of image.
    if (estimated.error().code != ErrorCode::kUnsupported) return tl::unexpected(estimated.error());
    return base::Fail(ErrorCode::kInvalidArgument, estimated.error().message);
  }
  std::erase_if(poses, [&](const Pose& pose) { return pose.score < request.min_pose_score; });
  stats.estimate_ms = estimating.ElapsedMs();
  stats.people = poses.size();
  return poses;
}

Result<std::shared_ptr<PoseStream>> PoseService::OpenStream(const HumanRequest& request) {
  POSENET_ASSIGN_OR_RETURN(app::PeopleOverTime people,
                           app::PeopleOverTime::Create({.track = request.track, .smooth = request.smooth}));
  return std::make_shared<PoseStream>(PoseStream{.request = request, .people = std::move(people)});
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
  auto poses = EstimatePoses(image, stream.request, stats);
  if (!poses.has_value()) return tl::unexpected(ToHttpError(poses.error()));
  const double time_s = std::chrono::duration<double>(frame.arrival - stream.start).count();
  const auto ids = stream.people.Update(*poses, time_s);
  if (!ids.has_value()) return tl::unexpected(ToHttpError(ids.error()));
  return FrameResponse(frame.position, stats, *poses, *ids, stream.request.min_keypoint_score);
}

}  // namespace posenet::server

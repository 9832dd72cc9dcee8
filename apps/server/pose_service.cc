// SPDX-License-Identifier: Apache-2.0
#include "server/service.h"

#include <new>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/strings.h"
#include "common/camera_engine.h"
#include "common/stopwatch.h"
#include "server/answers.h"
#include "server/image_body.h"
#include "server/page.h"
#include "server/problem.h"

namespace posenet::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMemoryStatus = 503;

// What the server did for this answer (Server Timing, W3C): pages show it, and proxies log it.
std::string ServerTiming(const Work& work) {
  return base::StrCat("queue;dur=", work.queue_ms, ", decode;dur=", work.decode_ms,
                      ", estimate;dur=", work.estimate_ms);
}

double MillisecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

Json Description(const std::string& name, const ModelInfo& model) {
  return {{"name", name},
          {"architecture", model.architecture},
          {"parameters", model.parameter_count},
          {"license", model.license},
          {"source", model.source}};
}

// What `compute` answers; where memory runs out, `otherwise`.
template <typename Answer, typename Compute>
Answer OrOutOfMemory(const Answer& otherwise, Compute compute) {
  try {
    return compute();
  } catch (const std::bad_alloc&) {
    return otherwise;
  }
}

}  // namespace

Service::Service(const ServiceOptions& options, const app::Engine& human, const std::vector<Scene>& scenes,
                 Metrics& metrics, JobQueue& jobs, const ByteBudget& bodies)
    : options_(options), human_(human), scenes_(scenes), metrics_(metrics), jobs_(jobs), bodies_(bodies) {}

void Service::Answer(const Admission& admission, std::string body, BudgetShare share, const Done& done) {
  if (!admission.takes_body) return done(AnswerNow(admission.route));
  struct Request {
    Admission admission;
    std::string body;
    BudgetShare share;
    Done done;
    std::chrono::steady_clock::time_point arrival;
  };
  // Jobs are copied by std::function, bodies are not.
  const auto request = std::make_shared<Request>(
      Request{admission, std::move(body), std::move(share), done, std::chrono::steady_clock::now()});
  const bool is_taken = jobs_.TryPush([this, request] {
    const Response out_of_memory = Problem(kMemoryStatus, "not enough memory for this image now");
    Response response = OrOutOfMemory(
        out_of_memory, [&] { return Compute(request->admission, request->body, MillisecondsSince(request->arrival)); });
    request->done(std::move(response));
  });
  if (is_taken) return;
  metrics_.CountRejection(Rejection::kQueue);
  done(Problem(503, "as many images wait as may; come again in a second"));
}

Response Service::Compute(const Admission& admission, const std::string& body, double queue_ms) const {
  const app::Stopwatch decoding;
  const auto named = ReadImage(admission.content_type, body, options_.max_pixels);
  if (!named.has_value()) return named.error();
  const image::Image& image = named->image;
  Work work = {.width_px = image.width_px, .height_px = image.height_px, .queue_ms = queue_ms};
  work.decode_ms = decoding.ElapsedMs();
  metrics_.AddPixels(static_cast<std::int64_t>(image.width_px) * image.height_px);
  Response response;
  if (admission.route == RouteId::kHumanPoses) {
    const auto poses = EstimatePoses(image, admission.human, work);
    if (!poses.has_value()) return ProblemOf(poses.error());
    response.body = PosesAnswer(*named, *poses, admission.human.min_keypoint_score);
  } else {
    const app::Stopwatch localizing;
    const auto estimate = admission.scene->localizer.Localize(image.View());
    work.estimate_ms = localizing.ElapsedMs();
    if (!estimate.has_value()) return ProblemOf(estimate.error());
    response.body = CameraAnswer(*named, *estimate, *admission.scene, work.estimate_ms);
  }
  response.work = work;
  response.headers.emplace_back("Server-Timing", ServerTiming(work));
  return response;
}

Result<std::vector<Pose>> Service::EstimatePoses(const image::Image& image, const HumanRequest& request,
                                                 Work& work) const {
  const app::Stopwatch estimating;
  std::vector<Pose> poses;
  POSENET_RETURN_IF_ERROR(human_.estimator.Estimate(image.View(), request.decode, poses));
  std::erase_if(poses, [&](const Pose& pose) { return pose.score < request.min_pose_score; });
  work.estimate_ms = estimating.ElapsedMs();
  work.people = poses.size();
  return poses;
}

Result<std::shared_ptr<Stream>> Service::OpenStream(const Admission& admission) const {
  Result<app::PeopleOverTime> people =
      app::PeopleOverTime::Create({.track = admission.human.track, .smooth = admission.human.smooth});
  if (!people.has_value()) return tl::unexpected(people.error());
  return std::make_shared<Stream>(Stream{.request = admission.human, .people = *std::move(people)});
}

void Service::AnswerFrame(const std::shared_ptr<Stream>& stream, StreamFrame frame,
                          const std::function<void(std::string)>& done) {
  const FrameHeader header = {.number = frame.number, .dropped_count = frame.dropped_count};
  const auto shared = std::make_shared<StreamFrame>(std::move(frame));
  const bool is_taken = jobs_.TryPush([this, stream, shared, header, done] {
    const std::string out_of_memory = FrameError(header, kMemoryStatus, "not enough memory for this image now");
    done(OrOutOfMemory(out_of_memory, [&] { return ComputeFrame(*stream, *shared); }));
  });
  if (is_taken) return;
  metrics_.CountRejection(Rejection::kQueue);
  metrics_.CountFrame(FrameOutcome::kFailed);
  done(FrameError(header, 503, "as many images wait as may"));
}

std::string Service::ComputeFrame(Stream& stream, const StreamFrame& frame) const {
  const FrameHeader header = {.number = frame.number, .dropped_count = frame.dropped_count};
  const auto fail = [&](const Response& response) {
    metrics_.CountFrame(FrameOutcome::kFailed);
    return FrameError(header, response.status, Json::parse(response.body).value("detail", ""));
  };
  const app::Stopwatch decoding;
  const auto named = ReadImage("", frame.bytes, options_.max_pixels);
  if (!named.has_value()) return fail(named.error());
  const image::Image& image = named->image;
  Work work = {.width_px = image.width_px, .height_px = image.height_px, .decode_ms = decoding.ElapsedMs()};
  metrics_.AddPixels(static_cast<std::int64_t>(image.width_px) * image.height_px);
  auto poses = EstimatePoses(image, stream.request, work);
  if (!poses.has_value()) return fail(ProblemOf(poses.error()));
  const double time_s = std::chrono::duration<double>(frame.arrival - stream.start).count();
  const auto ids = stream.people.Update(*poses, time_s);
  if (!ids.has_value()) return fail(ProblemOf(ids.error()));
  metrics_.CountFrame(FrameOutcome::kAnswered);
  return FrameAnswer(header, work, *poses, *ids, stream.request.min_keypoint_score);
}

Response Service::AnswerNow(RouteId route) const {
  switch (route) {
    case RouteId::kPage:
    case RouteId::kPageScript:
    case RouteId::kPageStyle:
    case RouteId::kOpenApi:
      return EmbeddedFile(route);
    case RouteId::kHealth:
      return {.content_type = "text/plain; charset=utf-8", .body = "ok\n"};
    case RouteId::kReady:
      return ReadyAnswer();
    case RouteId::kMetrics:
      return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
              .body = metrics_.Text({.queue_depth = jobs_.depth(),
                                     .queue_capacity = jobs_.capacity(),
                                     .connections = connection_count_,
                                     .body_bytes = bodies_.used()})};
    default:
      return ModelsAnswer();
  }
}

Response Service::ReadyAnswer() const {
  if (is_stopping_) return Problem(503, "the server is stopping");
  if (jobs_.depth() >= jobs_.capacity()) return Problem(503, "as many images wait as may");
  return {.content_type = "text/plain; charset=utf-8", .body = "ready\n"};
}

Response Service::ModelsAnswer() const {
  const PoseEstimatorOptions& options = human_.estimator.options();
  Json human = Description(human_.model.name, human_.model);
  human["input"] = {{"width", options.input_width_px}, {"height", options.input_height_px}};
  human["output_stride"] = options.output_stride;
  human["precision"] = std::string(app::PrecisionName(options.precision));
  Json scenes = Json::array();
  for (const Scene& scene : scenes_) {
    Json description = Description(scene.name, scene.model);
    description["scene"] = scene.localizer.scene().name;
    description["units"] = app::UnitsName(scene.units);
    scenes.push_back(std::move(description));
  }
  const Json models = {{"human", std::move(human)},
                       {"scenes", std::move(scenes)},
                       {"limits", {{"body_bytes", options_.max_body_bytes}, {"pixels", options_.max_pixels}}}};
  return {.body = models.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

}  // namespace posenet::server

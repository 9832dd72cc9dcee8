// SPDX-License-Identifier: Apache-2.0
// apps/server, the room's door: what each request is answered, without a word about sockets. The way through:
//
//   connection -> Service::Admit (head) -> body -> Service::Answer -> JobQueue -> image_body -> estimator -> answers
//
// Knows apps/cli for everything that the command line answers too, and all rooms of the library. Only connection.cc,
// stream_session.cc and listener.cc know Boost.
#ifndef POSENET_SERVER_SERVICE_H_
#define POSENET_SERVER_SERVICE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "common/human_options.h"
#include "common/people_over_time.h"
#include "image/image.h"
#include "server/byte_budget.h"
#include "server/http_message.h"
#include "server/human_query.h"
#include "server/job_queue.h"
#include "server/metrics.h"
#include "server/newest_frame.h"
#include "server/router.h"
#include "server/scenes.h"

namespace posenet::server {

struct ServiceOptions {
  std::string token;        ///< Empty: everybody may.
  std::string cors_origin;  ///< The origin whose pages may read answers, "*" for all, empty for none but our own.
  std::size_t max_body_bytes = 20'000'000;
  std::int64_t max_pixels = 25'000'000;
  HumanRequest human_defaults = {};
};

/// A request that may be answered, of which the body is missing.
struct Admission {
  RouteId route = RouteId::kPage;
  bool takes_body = false;
  std::string content_type = {};
  HumanRequest human = {};
  const Scene* scene = nullptr;  ///< Of kCameraPose.
};

/// One stream. For use by one job at a time.
struct Stream {
  HumanRequest request;
  app::PeopleOverTime people;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

/// Answers requests. Any number of threads may call, as long as it lives.
class Service {
 public:
  using Done = std::function<void(Response)>;

  /// `human`, `scenes`, `metrics`, `jobs` and `bodies` must outlive this.
  Service(const ServiceOptions& options, const app::Engine& human, const std::vector<Scene>& scenes, Metrics& metrics,
          JobQueue& jobs, const ByteBudget& bodies);

  /// Whether the request is one that is answered, which can be said before its body is read; otherwise the response
  /// that says why not (or all there is to say, for OPTIONS).
  [[nodiscard]] tl::expected<Admission, Response> Admit(const RequestHead& head) const;

  /// Calls `done` with the answer to an admitted request: at once, or from a worker. `share` is held until then.
  void Answer(const Admission& admission, std::string body, BudgetShare share, const Done& done);

  /// A stream as admitted.
  [[nodiscard]] Result<std::shared_ptr<Stream>> OpenStream(const Admission& admission) const;
  /// Calls `done` with the JSON that answers `frame`: at once where the queue is full, otherwise from a worker.
  void AnswerFrame(const std::shared_ptr<Stream>& stream, StreamFrame frame,
                   const std::function<void(std::string)>& done);

  /// What the server says of itself while it ends, so that nothing more is sent to it.
  void SetStopping() { is_stopping_ = true; }
  /// Open connections, for the metrics.
  std::atomic<std::size_t>& connection_count() { return connection_count_; }

  /// Adds what every response to `head` has: fields about caching and origins.
  void Complete(const RequestHead& head, Response& response) const;

  [[nodiscard]] const ServiceOptions& options() const { return options_; }

 private:
  [[nodiscard]] bool MayUse(const RequestHead& head) const;
  [[nodiscard]] bool IsOwnOrigin(const RequestHead& head) const;
  [[nodiscard]] Response AnswerOptions(const Route& route, const RequestHead& head) const;
  [[nodiscard]] tl::expected<void, Response> CheckBody(const RequestHead& head) const;
  [[nodiscard]] tl::expected<Admission, Response> AdmitRoute(const Route& route, const RequestHead& head,
                                                             const std::vector<QueryParameter>& query) const;
  [[nodiscard]] tl::expected<Admission, Response> AdmitStream(Admission admission, const RequestHead& head) const;
  [[nodiscard]] tl::expected<Admission, Response> AdmitScene(Admission admission,
                                                             const std::vector<QueryParameter>& query) const;
  [[nodiscard]] Response AnswerNow(RouteId route) const;
  [[nodiscard]] Response ModelsAnswer() const;
  [[nodiscard]] Response ReadyAnswer() const;

  [[nodiscard]] Response Compute(const Admission& admission, const std::string& body, double queue_ms) const;
  [[nodiscard]] Result<std::vector<Pose>> EstimatePoses(const image::Image& image, const HumanRequest& request,
                                                        Work& work) const;
  [[nodiscard]] std::string ComputeFrame(Stream& stream, const StreamFrame& frame) const;

  const ServiceOptions options_;
  const app::Engine& human_;
  const std::vector<Scene>& scenes_;
  Metrics& metrics_;
  JobQueue& jobs_;
  const ByteBudget& bodies_;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<std::size_t> connection_count_ = 0;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_SERVICE_H_

// SPDX-License-Identifier: Apache-2.0
// Routes that need no image: the page, health, metrics, and the description of models and limits.
#ifndef POSENET_SERVER_INFO_ROUTES_H_
#define POSENET_SERVER_INFO_ROUTES_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/human_options.h"
#include "server/byte_budget.h"
#include "server/http_message.h"
#include "server/job_queue.h"
#include "server/metrics.h"
#include "server/router.h"
#include "server/scenes.h"

namespace posenet::server {

/// Limits that clients should know of.
struct ServerLimits {
  std::size_t max_body_bytes = 20'000'000;
  std::int64_t max_pixels = 25'000'000;
};

/// For any number of threads.
class InfoRoutes {
 public:
  /// All references must outlive this.
  InfoRoutes(const app::Engine& human, const std::vector<Scene>& scenes, const ServerLimits& limits,
             const Metrics& metrics, const JobQueue& jobs, const ByteBudget& bodies);

  /// The response of a route that takes no body. Errors: 503 from kReady if a request would be rejected now.
  [[nodiscard]] HttpResult<Response> Respond(RouteId route) const;

  /// From now on /readyz fails, so that load balancers send nothing more.
  void SetStopping() { is_stopping_ = true; }
  /// The number of open connections, for the metrics; kept up to date by the SessionList.
  std::atomic<std::size_t>& connection_count() { return connection_count_; }

 private:
  [[nodiscard]] HttpResult<Response> Ready() const;
  [[nodiscard]] Response MetricsText() const;
  [[nodiscard]] Response Models() const;

  const app::Engine& human_;
  const std::vector<Scene>& scenes_;
  const ServerLimits limits_;
  const Metrics& metrics_;
  const JobQueue& jobs_;
  const ByteBudget& bodies_;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<std::size_t> connection_count_ = 0;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_INFO_ROUTES_H_

// SPDX-License-Identifier: Apache-2.0
#include "server/info_routes.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "camera/camera_spec.h"
#include "server/page.h"

namespace posenet::server {
namespace {

using Json = nlohmann::ordered_json;

Json Description(const std::string& name, const ModelInfo& model) {
  return {{"name", name},
          {"architecture", model.architecture},
          {"parameters", model.parameter_count},
          {"license", model.license},
          {"source", model.source}};
}

}  // namespace

InfoRoutes::InfoRoutes(const app::Engine& human, const std::vector<Scene>& scenes, const ServerLimits& limits,
                       const Metrics& metrics, const JobQueue& jobs, const ByteBudget& bodies)
    : human_(human), scenes_(scenes), limits_(limits), metrics_(metrics), jobs_(jobs), bodies_(bodies) {}

HttpResult<Response> InfoRoutes::Respond(RouteId route) const {
  switch (route) {
    case RouteId::kPage:
    case RouteId::kPageScript:
    case RouteId::kPageStyle:
    case RouteId::kOpenApi:
      return EmbeddedFile(route);
    case RouteId::kHealth:
      return Response{.content_type = "text/plain; charset=utf-8", .body = "ok\n"};
    case RouteId::kReady:
      return Ready();
    case RouteId::kMetrics:
      return MetricsText();
    default:
      return Models();
  }
}

HttpResult<Response> InfoRoutes::Ready() const {
  if (is_stopping_) return HttpFailure(503, "the server is stopping");
  if (jobs_.depth() >= jobs_.capacity()) return HttpFailure(503, "the request queue is full; retry in 1 second");
  return Response{.content_type = "text/plain; charset=utf-8", .body = "ready\n"};
}

Response InfoRoutes::MetricsText() const {
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = metrics_.Text({.queue_depth = jobs_.depth(),
                                 .queue_capacity = jobs_.capacity(),
                                 .connections = connection_count_,
                                 .body_bytes = bodies_.used()})};
}

Response InfoRoutes::Models() const {
  const PoseEstimatorOptions& options = human_.estimator.options();
  Json human = Description(human_.model.name, human_.model);
  human["input"] = {{"width", options.input_width_px}, {"height", options.input_height_px}};
  human["output_stride"] = options.output_stride;
  human["precision"] = std::string(app::PrecisionName(options.precision));
  human["decoder"] = std::string(app::DecoderName(*options.decoder));
  human["estimates_several"] = app::DetectsSeveral(human_.decoder_for_several);
  Json scenes = Json::array();
  for (const Scene& scene : scenes_) {
    Json description = Description(scene.name, scene.model);
    description["scene"] = scene.localizer.scene().name;
    description["units"] = camera::LengthUnitName(scene.units);
    scenes.push_back(std::move(description));
  }
  const Json models = {{"human", std::move(human)},
                       {"scenes", std::move(scenes)},
                       {"limits", {{"body_bytes", limits_.max_body_bytes}, {"pixels", limits_.max_pixels}}}};
  return {.body = models.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

}  // namespace posenet::server

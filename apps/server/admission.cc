// SPDX-License-Identifier: Apache-2.0
#include "server/admission.h"

#include <utility>

#include "base/ascii.h"
#include "base/strings.h"
#include "server/image_body.h"
#include "server/problem.h"
#include "server/token.h"

namespace posenet::server {
namespace {

// Checks the fields that describe the body of a POST.
HttpResult<void> CheckBodyFields(const RequestHead& head) {
  if (!head.transfer_encoding.empty() && !base::EqualsIgnoreAsciiCase(head.transfer_encoding, "chunked")) {
    return HttpFailure(400, base::StrCat("Transfer-Encoding is '", base::Printable(head.transfer_encoding),
                                         "'; expected chunked or none"));
  }
  if (!head.content_encoding.empty() && !base::EqualsIgnoreAsciiCase(head.content_encoding, "identity")) {
    return HttpFailure(
        415, base::StrCat("Content-Encoding is '", base::Printable(head.content_encoding), "'; expected none"));
  }
  if (!AcceptsContentType(head.content_type)) {
    return HttpFailure(415,
                       base::StrCat("Content-Type is '", base::Printable(head.content_type),
                                    "'; expected image/jpeg, image/png, image/webp or multipart/form-data"),
                       {{"Accept-Post", "image/jpeg, image/png, image/webp, multipart/form-data"}});
  }
  if (!head.expect.empty() && !base::EqualsIgnoreAsciiCase(head.expect, "100-continue")) {
    return HttpFailure(417, base::StrCat("Expect is '", base::Printable(head.expect), "'; expected 100-continue"));
  }
  if (!head.has_length) return HttpFailure(411, "expected a Content-Length or a chunked body");
  return {};
}

}  // namespace

Admission::Admission(std::string token, const HumanRequest& human_defaults, const EstimatorTraits& estimator,
                     const OriginPolicy& origins, const std::vector<Scene>& scenes)
    : token_(std::move(token)),
      human_defaults_(human_defaults),
      estimator_(estimator),
      origins_(origins),
      scenes_(scenes) {}

HttpResult<AdmittedRequest> Admission::Admit(const RequestHead& head) const {
  const Result<Target> target = ParseTarget(head.target);
  if (!target.has_value()) return tl::unexpected(ToHttpError(target.error()));
  if (target->path == "*" && head.method == "OPTIONS") {
    return AdmittedRequest{.response = Response{.status = 204, .content_type = ""}};
  }
  const Route* route = FindRoute(target->path);
  if (route == nullptr) {
    return HttpFailure(404, base::StrCat("no such path: ", base::Printable(target->path), "; see /openapi.json"));
  }
  if (head.method == "OPTIONS") {
    return AdmittedRequest{.route = route->id, .response = origins_.OptionsResponse(*route, head)};
  }
  if (!Allows(*route, head.method)) {
    return HttpFailure(405,
                       base::StrCat(route->path, " does not support ", base::Printable(head.method), "; expected ",
                                    AllowedMethods(*route)),
                       {{"Allow", AllowedMethods(*route)}});
  }
  if (route->access == Access::kToken && !IsAuthorized(head)) {
    return HttpFailure(401, "expected the server's token as 'Authorization: Bearer TOKEN'",
                       {{"WWW-Authenticate", "Bearer realm=\"posenet\""}});
  }
  return AdmitRoute(*route, head, target->query);
}

bool Admission::IsAuthorized(const RequestHead& head) const {
  if (token_.empty()) return true;
  std::optional<std::string> token = TokenOfAuthorization(head.authorization);
  if (!token) token = TokenOfProtocols(head.websocket_protocols);
  return token && EqualInConstantTime(token_, *token);
}

HttpResult<AdmittedRequest> Admission::AdmitRoute(const Route& route, const RequestHead& head,
                                                  const std::vector<QueryParameter>& query) const {
  AdmittedRequest request = {
      .route = route.id, .takes_body = route.method == "POST", .content_type = head.content_type};
  const bool is_stream = route.id == RouteId::kHumanStream;
  if (is_stream || route.id == RouteId::kHumanPoses) {
    Result<HumanRequest> human =
        ParseHumanQuery(query, is_stream ? HumanInput::kStream : HumanInput::kImage, human_defaults_, estimator_);
    if (!human.has_value()) return tl::unexpected(ToHttpError(human.error()));
    request.human = *human;
  } else if (route.id == RouteId::kCameraPose) {
    const HttpResult<const Scene*> scene = ChooseScene(query);
    if (!scene.has_value()) return tl::unexpected(scene.error());
    request.scene = *scene;
  } else if (!query.empty() && route.id != RouteId::kPage) {
    return HttpFailure(
        400, base::StrCat(route.path, " takes no parameters; got '", base::Printable(query.front().name), "'"));
  }
  if (request.takes_body) {
    const HttpResult<void> checked = CheckBodyFields(head);
    if (!checked.has_value()) return tl::unexpected(checked.error());
  }
  if (is_stream && !head.is_upgrade) {
    return HttpFailure(426, "expected a WebSocket handshake", {{"Upgrade", "websocket"}});
  }
  if (is_stream && !origins_.AllowsStream(head)) {
    return HttpFailure(403, base::StrCat("pages of ", base::Printable(head.origin), " may not open streams here"));
  }
  return request;
}

HttpResult<const Scene*> Admission::ChooseScene(const std::vector<QueryParameter>& query) const {
  for (const QueryParameter& parameter : query) {
    if (parameter.name != "scene") {
      return HttpFailure(400,
                         base::StrCat("unknown parameter '", base::Printable(parameter.name), "'; expected scene"));
    }
  }
  if (query.size() > 1) return HttpFailure(400, "parameter scene is given twice");
  if (scenes_.empty()) return HttpFailure(404, "no scenes are loaded; pass --scene at startup");
  const std::string name = query.empty() ? "" : query.front().value;
  if (name.empty() && scenes_.size() > 1) {
    return HttpFailure(400, "several scenes are loaded; expected ?scene=NAME, see /v1/models");
  }
  const Scene* scene = FindScene(scenes_, name);
  if (scene == nullptr) {
    return HttpFailure(404, base::StrCat("no scene is called '", base::Printable(name), "'; see /v1/models"));
  }
  return scene;
}

}  // namespace posenet::server

// SPDX-License-Identifier: Apache-2.0
// Of Service: which requests are answered at all, which is decided before their bodies are read.
#include <utility>

#include "base/ascii.h"
#include "base/strings.h"
#include "server/image_body.h"
#include "server/multipart.h"
#include "server/problem.h"
#include "server/service.h"
#include "server/token.h"

namespace posenet::server {

tl::expected<Admission, Response> Service::Admit(const RequestHead& head) const {
  const Result<Target> target = ParseTarget(head.target);
  if (!target.has_value()) return tl::unexpected(Problem(400, target.error().message));
  if (target->path == "*" && head.method == "OPTIONS") {
    return tl::unexpected(Response{.status = 204, .content_type = ""});
  }
  const Route* route = FindRoute(target->path);
  if (route == nullptr) {
    return tl::unexpected(
        Problem(404, base::StrCat("there is no ", base::Printable(target->path), "; see /openapi.json")));
  }
  if (head.method == "OPTIONS") return tl::unexpected(AnswerOptions(*route, head));
  if (!Allows(*route, head.method)) {
    Response response = Problem(405, base::StrCat(base::Printable(head.method), " is not for ", route->path,
                                                  "; expected ", AllowedMethods(*route)));
    response.headers.emplace_back("Allow", AllowedMethods(*route));
    return tl::unexpected(std::move(response));
  }
  if (route->access == Access::kToken && !MayUse(head)) {
    Response response = Problem(401, "expected the server's token as 'Authorization: Bearer TOKEN'");
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"posenet\"");
    return tl::unexpected(std::move(response));
  }
  return AdmitRoute(*route, head, target->query);
}

bool Service::MayUse(const RequestHead& head) const {
  if (options_.token.empty()) return true;
  std::optional<std::string> token = TokenOfAuthorization(head.authorization);
  if (!token) token = TokenOfProtocols(head.websocket_protocols);
  return token && EqualInConstantTime(options_.token, *token);
}

tl::expected<Admission, Response> Service::AdmitRoute(const Route& route, const RequestHead& head,
                                                      const std::vector<QueryParameter>& query) const {
  Admission admission = {.route = route.id, .takes_body = route.method == "POST", .content_type = head.content_type};
  const bool is_stream = route.id == RouteId::kHumanStream;
  if (is_stream || route.id == RouteId::kHumanPoses) {
    Result<HumanRequest> human =
        ParseHumanQuery(query, is_stream ? HumanInput::kStream : HumanInput::kImage, options_.human_defaults);
    if (!human.has_value()) return tl::unexpected(Problem(400, human.error().message));
    admission.human = *human;
  } else if (route.id == RouteId::kCameraPose) {
    auto with_scene = AdmitScene(std::move(admission), query);
    if (!with_scene.has_value()) return with_scene;
    admission = *std::move(with_scene);
  } else if (!query.empty() && route.id != RouteId::kPage) {
    return tl::unexpected(Problem(
        400, base::StrCat(route.path, " has no parameters, not even '", base::Printable(query.front().name), "'")));
  }
  if (admission.takes_body) {
    const auto checked = CheckBody(head);
    if (!checked.has_value()) return tl::unexpected(checked.error());
  }
  return is_stream ? AdmitStream(std::move(admission), head) : admission;
}

tl::expected<Admission, Response> Service::AdmitScene(Admission admission,
                                                      const std::vector<QueryParameter>& query) const {
  for (const QueryParameter& parameter : query) {
    if (parameter.name != "scene") {
      return tl::unexpected(
          Problem(400, base::StrCat("there is no parameter '", base::Printable(parameter.name), "'; expected scene")));
    }
  }
  if (query.size() > 1) return tl::unexpected(Problem(400, "scene comes twice"));
  const std::string name = query.empty() ? "" : query.front().value;
  if (name.empty() && scenes_.size() > 1) {
    return tl::unexpected(Problem(400, "the server knows several scenes; expected ?scene=NAME, see /v1/models"));
  }
  admission.scene = FindScene(scenes_, name);
  if (admission.scene != nullptr) return admission;
  return tl::unexpected(
      Problem(404, scenes_.empty() ? "the server knows no scenes; it is told of them with --scene when it is started"
                                   : base::StrCat("there is no scene '", base::Printable(name), "'; see /v1/models")));
}

tl::expected<Admission, Response> Service::AdmitStream(Admission admission, const RequestHead& head) const {
  if (!head.is_upgrade) {
    Response response = Problem(426, "expected a WebSocket handshake");
    response.headers.emplace_back("Upgrade", "websocket");
    return tl::unexpected(std::move(response));
  }
  // Browsers let every page open WebSockets to everywhere, and leave it to the server to look where it came from.
  if (!head.origin.empty() && !IsOwnOrigin(head)) {
    return tl::unexpected(
        Problem(403, base::StrCat("pages of ", base::Printable(head.origin), " may not open streams here")));
  }
  return admission;
}

bool Service::IsOwnOrigin(const RequestHead& head) const {
  if (options_.cors_origin == "*" || base::EqualsIgnoreAsciiCase(options_.cors_origin, head.origin)) return true;
  const std::size_t authority = head.origin.find("://");
  return authority != std::string::npos && base::EqualsIgnoreAsciiCase(std::string_view{head.origin}.substr(authority + 3), head.host);
}

tl::expected<void, Response> Service::CheckBody(const RequestHead& head) const {
  if (!head.transfer_encoding.empty() && !base::EqualsIgnoreAsciiCase(head.transfer_encoding, "chunked")) {
    return tl::unexpected(Problem(400, base::StrCat("Transfer-Encoding is '", base::Printable(head.transfer_encoding),
                                                    "'; expected none, or chunked")));
  }
  if (!head.content_encoding.empty() && !base::EqualsIgnoreAsciiCase(head.content_encoding, "identity")) {
    return tl::unexpected(Problem(
        415, base::StrCat("Content-Encoding is '", base::Printable(head.content_encoding), "'; expected none")));
  }
  if (!HoldsImage(head.content_type)) {
    Response response =
        Problem(415, base::StrCat("Content-Type is '", base::Printable(head.content_type),
                                  "'; expected image/jpeg, image/png, image/webp or multipart/form-data"));
    response.headers.emplace_back("Accept-Post", "image/jpeg, image/png, image/webp, multipart/form-data");
    return tl::unexpected(std::move(response));
  }
  if (!head.expect.empty() && !base::EqualsIgnoreAsciiCase(head.expect, "100-continue")) {
    return tl::unexpected(
        Problem(417, base::StrCat("Expect is '", base::Printable(head.expect), "'; expected 100-continue")));
  }
  if (!head.has_length) return tl::unexpected(Problem(411, "expected a Content-Length, or chunks"));
  return {};
}

Response Service::AnswerOptions(const Route& route, const RequestHead& head) const {
  Response response = {.status = 204, .content_type = ""};
  response.headers.emplace_back("Allow", AllowedMethods(route));
  if (!options_.cors_origin.empty() && !head.origin.empty()) {
    response.headers.emplace_back("Access-Control-Allow-Methods", AllowedMethods(route));
    response.headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type");
    // Ten minutes: what is allowed changes only with a restart.
    response.headers.emplace_back("Access-Control-Max-Age", "600");
  }
  return response;
}

void Service::Complete(const RequestHead& head, Response& response) const {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Cache-Control", "no-store");
  if (options_.cors_origin.empty()) return;
  const bool is_any = options_.cors_origin == "*";
  if (!is_any) response.headers.emplace_back("Vary", "Origin");
  if (!is_any && !base::EqualsIgnoreAsciiCase(options_.cors_origin, head.origin)) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", options_.cors_origin);
  response.headers.emplace_back("Access-Control-Expose-Headers", "Server-Timing, Retry-After");
}

}  // namespace posenet::server

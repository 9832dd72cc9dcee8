// SPDX-License-Identifier: Apache-2.0
#include "server/router.h"

#include <algorithm>
#include <array>

namespace posenet::server {
namespace {

// The page is open because it prompts for the token, health checks because monitors have none.
constexpr std::array kRoutes = {
    Route{RouteId::kPage, "GET", "/", Access::kOpen},
    Route{RouteId::kPageScript, "GET", "/page.js", Access::kOpen},
    Route{RouteId::kPageStyle, "GET", "/page.css", Access::kOpen},
    Route{RouteId::kHealth, "GET", "/healthz", Access::kOpen},
    Route{RouteId::kReady, "GET", "/readyz", Access::kOpen},
    Route{RouteId::kMetrics, "GET", "/metrics", Access::kToken},
    Route{RouteId::kOpenApi, "GET", "/openapi.json", Access::kOpen},
    Route{RouteId::kModels, "GET", "/v1/models", Access::kToken},
    Route{RouteId::kHumanPoses, "POST", "/v1/human/poses", Access::kToken},
    Route{RouteId::kCameraPose, "POST", "/v1/camera/pose", Access::kToken},
    Route{RouteId::kHumanStream, "GET", "/v1/human/stream", Access::kToken},
};

}  // namespace

std::span<const Route> Routes() { return kRoutes; }

const Route* FindRoute(std::string_view path) {
  const auto* found = std::ranges::find(kRoutes, path, &Route::path);
  return found == kRoutes.end() ? nullptr : found;
}

bool Allows(const Route& route, std::string_view method) {
  return method == route.method || (route.method == "GET" && method == "HEAD");
}

std::string AllowedMethods(const Route& route) {
  return route.method == "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
}

}  // namespace posenet::server

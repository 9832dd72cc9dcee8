// SPDX-License-Identifier: Apache-2.0
// The routes: path, method, and whether they need the token.
#ifndef POSENET_SERVER_ROUTER_H_
#define POSENET_SERVER_ROUTER_H_

#include <span>
#include <string>
#include <string_view>

namespace posenet::server {

enum class RouteId {
  kPage,
  kPageScript,
  kPageStyle,
  kHealth,
  kReady,
  kMetrics,
  kOpenApi,
  kModels,
  kHumanPoses,
  kCameraPose,
  kHumanStream,
};

/// kToken: if the server has a token, only clients that present it have access.
enum class Access { kOpen, kToken };

struct Route {
  RouteId id;
  std::string_view method;  ///< "GET", which also allows HEAD, or "POST".
  std::string_view path;
  Access access;
};

/// All routes.
std::span<const Route> Routes();

/// The route with exactly that path, or null.
const Route* FindRoute(std::string_view path);

/// Whether `route` has `method`. OPTIONS, which all routes share, does not count.
bool Allows(const Route& route, std::string_view method);

/// For the Allow field: "GET, HEAD, OPTIONS".
std::string AllowedMethods(const Route& route);

}  // namespace posenet::server

#endif  // POSENET_SERVER_ROUTER_H_

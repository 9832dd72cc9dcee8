// SPDX-License-Identifier: Apache-2.0
// Which paths there are, what may be done with them, and by whom.
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

/// Whether a route is there for everybody, or where there is a token only for those who have it.
enum class Access { kOpen, kToken };

struct Route {
  RouteId id;
  std::string_view method;  ///< "GET", which allows HEAD too, or "POST".
  std::string_view path;
  Access access;
};

/// All of them.
std::span<const Route> Routes();

/// The route with exactly that path, or null.
const Route* FindRoute(std::string_view path);

/// Whether `method` is one that `route` answers itself; OPTIONS, which every route answers alike, is not.
bool Allows(const Route& route, std::string_view method);

/// For the Allow field: "GET, HEAD, OPTIONS".
std::string AllowedMethods(const Route& route);

}  // namespace posenet::server

#endif  // POSENET_SERVER_ROUTER_H_

// SPDX-License-Identifier: Apache-2.0
// Which web pages may use the server: CORS, and the origin check of WebSockets.
#ifndef POSENET_SERVER_ORIGIN_POLICY_H_
#define POSENET_SERVER_ORIGIN_POLICY_H_

#include <string>
#include <utility>

#include "server/http_message.h"
#include "server/router.h"

namespace posenet::server {

/// Immutable; for any number of threads.
class OriginPolicy {
 public:
  /// `cors_origin`: the origin whose pages may read responses, "*" for all, empty for the server's own page only.
  explicit OriginPolicy(std::string cors_origin) : cors_origin_(std::move(cors_origin)) {}

  /// Whether a page of head.origin may open a stream. Browsers do not check that themselves.
  [[nodiscard]] bool AllowsStream(const RequestHead& head) const;

  /// The response to OPTIONS: 204 with Allow and, for a preflight request, the CORS fields.
  [[nodiscard]] Response OptionsResponse(const Route& route, const RequestHead& head) const;

  /// Adds the fields about caching and origins that every response to `head` has.
  void AddHeaders(const RequestHead& head, Response& response) const;

 private:
  const std::string cors_origin_;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_ORIGIN_POLICY_H_

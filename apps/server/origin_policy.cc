// SPDX-License-Identifier: Apache-2.0
#include "server/origin_policy.h"

#include <string_view>

#include "base/ascii.h"

namespace posenet::server {

bool OriginPolicy::AllowsStream(const RequestHead& head) const {
  if (head.origin.empty()) return true;  // Not a browser.
  if (cors_origin_ == "*" || base::EqualsIgnoreAsciiCase(cors_origin_, head.origin)) return true;
  const std::size_t authority = head.origin.find("://");
  return authority != std::string::npos &&
         base::EqualsIgnoreAsciiCase(std::string_view{head.origin}.substr(authority + 3), head.host);
}

Response OriginPolicy::OptionsResponse(const Route& route, const RequestHead& head) const {
  Response response = {.status = 204, .content_type = ""};
  response.headers.emplace_back("Allow", AllowedMethods(route));
  if (!cors_origin_.empty() && !head.origin.empty()) {
    response.headers.emplace_back("Access-Control-Allow-Methods", AllowedMethods(route));
    response.headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type");
    // Ten minutes: what is allowed changes only with a restart.
    response.headers.emplace_back("Access-Control-Max-Age", "600");
  }
  return response;
}

void OriginPolicy::AddHeaders(const RequestHead& head, Response& response) const {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Cache-Control", "no-store");
  if (cors_origin_.empty()) return;
  const bool is_any = cors_origin_ == "*";
  if (!is_any) response.headers.emplace_back("Vary", "Origin");
  if (!is_any && !base::EqualsIgnoreAsciiCase(cors_origin_, head.origin)) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", cors_origin_);
  response.headers.emplace_back("Access-Control-Expose-Headers", "Server-Timing, Retry-After");
}

}  // namespace posenet::server

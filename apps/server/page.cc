// SPDX-License-Identifier: Apache-2.0
#include "server/page.h"

#include <string>

#include "embedded_files.h"  // Made by embed.cmake.

namespace posenet::server {
namespace {

// Scripts, styles and connections from here alone ('self' covers WebSockets of the same host); images also from the
// page's own memory. No frames, no forms, no plugins, no base.
constexpr const char* kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace

Response EmbeddedFile(RouteId route) {
  switch (route) {
    case RouteId::kPage: {
      Response page = {.content_type = "text/html; charset=utf-8", .body = std::string(kIndexHtml)};
      page.headers.emplace_back("Content-Security-Policy", kContentSecurityPolicy);
      page.headers.emplace_back("Referrer-Policy", "no-referrer");
      page.headers.emplace_back("Permissions-Policy", "camera=(self), microphone=(), geolocation=()");
      page.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
      return page;
    }
    case RouteId::kPageScript:
      return {.content_type = "text/javascript; charset=utf-8", .body = std::string(kPageJs)};
    case RouteId::kPageStyle:
      return {.content_type = "text/css; charset=utf-8", .body = std::string(kPageCss)};
    default:
      return {.content_type = "application/json", .body = std::string(kOpenapiJson)};
  }
}

}  // namespace posenet::server

// SPDX-License-Identifier: Apache-2.0
// Files embedded in the program: the page and the OpenAPI description.
#ifndef POSENET_SERVER_PAGE_H_
#define POSENET_SERVER_PAGE_H_

#include "server/http_message.h"
#include "server/router.h"

namespace posenet::server {

/// The file of kPage, kPageScript, kPageStyle or kOpenApi. Its content security policy lets the page load nothing from
/// elsewhere.
Response EmbeddedFile(RouteId route);

}  // namespace posenet::server

#endif  // POSENET_SERVER_PAGE_H_

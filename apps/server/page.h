// SPDX-License-Identifier: Apache-2.0
// Files that are part of the program: the page, and the description of the API.
#ifndef POSENET_SERVER_PAGE_H_
#define POSENET_SERVER_PAGE_H_

#include "server/http_message.h"
#include "server/router.h"

namespace posenet::server {

/// The file of kPage, kPageScript, kPageStyle or kOpenApi. The page may load nothing that is not from here.
Response EmbeddedFile(RouteId route);

}  // namespace posenet::server

#endif  // POSENET_SERVER_PAGE_H_

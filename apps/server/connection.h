// SPDX-License-Identifier: Apache-2.0
// One HTTP connection: serves requests one after the other, pipelined ones included.
#ifndef POSENET_SERVER_CONNECTION_H_
#define POSENET_SERVER_CONNECTION_H_

#include <boost/asio/ip/tcp.hpp>

#include "server/session.h"

namespace posenet::server {

/// Serves requests on `socket`, whose executor is a strand, until either side closes it.
void StartConnection(boost::asio::ip::tcp::socket socket, ServerContext& context);

/// Responds 503 on `socket` without reading anything.
void RefuseConnection(boost::asio::ip::tcp::socket socket, ServerContext& context);

}  // namespace posenet::server

#endif  // POSENET_SERVER_CONNECTION_H_

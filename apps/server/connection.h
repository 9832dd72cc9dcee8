// SPDX-License-Identifier: Apache-2.0
// One HTTP connection: requests one after the other, whatever the client sends ahead.
#ifndef POSENET_SERVER_CONNECTION_H_
#define POSENET_SERVER_CONNECTION_H_

#include <boost/asio/ip/tcp.hpp>

#include "server/session.h"

namespace posenet::server {

/// Answers requests on `socket`, whose executor is a strand, until either side has enough.
void StartConnection(boost::asio::ip::tcp::socket socket, Site& site);

/// Answers 503 on `socket` without reading anything.
void RefuseConnection(boost::asio::ip::tcp::socket socket, Site& site);

}  // namespace posenet::server

#endif  // POSENET_SERVER_CONNECTION_H_

// SPDX-License-Identifier: Apache-2.0
// One WebSocket: images in, JSON out.
#ifndef POSENET_SERVER_STREAM_SESSION_H_
#define POSENET_SERVER_STREAM_SESSION_H_

#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "server/session.h"

namespace posenet::server {

/// Accepts the handshake `request`, which was admitted, and processes frames until either side closes. Each binary
/// message is an encoded image, each response a text message. The executor of `stream` is a strand.
void StartStream(boost::beast::tcp_stream stream, boost::beast::http::request<boost::beast::http::string_body> request,
                 const HumanRequest& options, const std::string& client, ServerContext& context);

}  // namespace posenet::server

#endif  // POSENET_SERVER_STREAM_SESSION_H_

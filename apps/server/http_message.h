// SPDX-License-Identifier: Apache-2.0
// Requests and responses as everything but the network code sees them: plain values, so that what answers them is
// tested without a socket.
#ifndef POSENET_SERVER_HTTP_MESSAGE_H_
#define POSENET_SERVER_HTTP_MESSAGE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace posenet::server {

/// What is known of a request before its body is read. Header fields that did not come are empty.
struct RequestHead {
  std::string method;
  std::string target;  ///< As sent: "/v1/human/poses?single".
  std::string host;
  std::string origin;
  std::string authorization;
  std::string content_type;
  std::string content_encoding;
  std::string transfer_encoding;
  std::string expect;
  std::string websocket_protocols;  ///< Sec-WebSocket-Protocol.
  bool has_length = false;          ///< Whether it says how long its body is, or that it comes in chunks.
  bool is_upgrade = false;          ///< Whether it asks for a WebSocket.
};

/// What answering cost, for logs, metrics and the Server-Timing field. 0 where it did not come to it.
struct Work {
  int width_px = 0;
  int height_px = 0;
  std::size_t people = 0;
  double queue_ms = 0.0;
  double decode_ms = 0.0;
  double estimate_ms = 0.0;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  Work work = {};
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_HTTP_MESSAGE_H_

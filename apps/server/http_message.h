// SPDX-License-Identifier: Apache-2.0
// Requests and responses as plain values, so that everything behind the network code is tested without a socket.
#ifndef POSENET_SERVER_HTTP_MESSAGE_H_
#define POSENET_SERVER_HTTP_MESSAGE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace posenet::server {

/// The header of a request. Fields that were not sent are empty.
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
  bool has_length = false;          ///< Has a Content-Length or is chunked.
  bool is_upgrade = false;          ///< Asks for a WebSocket.
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// What was processed and how long it took, for logs and the Server-Timing field; zeros for requests without an image.
struct ProcessingStats {
  int width_px = 0;
  int height_px = 0;
  std::optional<std::size_t> people = std::nullopt;  ///< For human poses only.
  double queue_ms = 0.0;
  double decode_ms = 0.0;
  double estimate_ms = 0.0;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  HttpHeaders headers = {};
  std::string body = {};
  ProcessingStats stats = {};
};

/// A request that failed. connection.cc turns it into a problem document, stream_session.cc into a frame error.
struct HttpError {
  int status = 500;
  std::string detail = {};  ///< One sentence for a person.
  HttpHeaders headers = {};
};

template <typename T>
using HttpResult = tl::expected<T, HttpError>;

/// A failed HttpResult.
inline tl::unexpected<HttpError> HttpFailure(int status, std::string detail, HttpHeaders headers = {}) {
  return tl::unexpected(HttpError{.status = status, .detail = std::move(detail), .headers = std::move(headers)});
}

}  // namespace posenet::server

#endif  // POSENET_SERVER_HTTP_MESSAGE_H_

// SPDX-License-Identifier: Apache-2.0
// A client that sends any bytes, valid or not, and reads the response. Blocking, with deadlines, so that a server that
// hangs fails a test instead of blocking it.
#ifndef POSENET_TESTS_SERVER_RAW_CLIENT_H_
#define POSENET_TESTS_SERVER_RAW_CLIENT_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace posenet::server {

struct HttpReply {
  int status = 0;                              ///< 0: the connection ended without one.
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  std::string body;
};

struct SocketMessage {
  int opcode = 0;  ///< 1 text, 2 binary, 8 close, 9 ping, 10 pong.
  std::string payload;
};

class RawClient {
 public:
  /// Connects to 127.0.0.1. Throws std::runtime_error.
  explicit RawClient(int port, std::chrono::milliseconds timeout = std::chrono::seconds(20));
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient();

  /// Returns whether everything was sent.
  bool Send(std::string_view bytes);
  /// Closes the sending direction.
  void FinishSending();

  /// The next response; that of HEAD has no body.
  HttpReply ReadReply(std::string_view request_method = "GET");
  /// Reads everything that the server sends. Returns whether it closes the connection within the timeout.
  bool ReadsEnd();

  /// A masked WebSocket frame, by default unfragmented.
  static std::string Frame(int opcode, std::string_view payload, std::uint8_t first_bits = 0x80);
  /// The next message, which the server does not fragment; nothing at the end.
  std::optional<SocketMessage> ReadMessage();

 private:
  bool ReadMore();
  bool ReadUpTo(std::size_t size);

  int socket_ = -1;
  std::chrono::milliseconds timeout_;
  std::string unread_;
};

/// A complete request: "POST /path HTTP/1.1", Host, `fields` (lines that end with CR LF), Content-Length if there is
/// a body, and the body.
std::string RequestText(std::string_view method, std::string_view target, std::string_view fields = {},
                        std::string_view body = {});

/// Sends one request on a connection of its own.
HttpReply Ask(int port, std::string_view method, std::string_view target, std::string_view fields = {},
              std::string_view body = {});

/// The handshake that opens a WebSocket.
std::string HandshakeText(std::string_view target, std::string_view fields = {});

}  // namespace posenet::server

#endif  // POSENET_TESTS_SERVER_RAW_CLIENT_H_

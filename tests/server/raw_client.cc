// SPDX-License-Identifier: Apache-2.0
#include "raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

#include "base/ascii.h"

namespace posenet::server {
RawClient::RawClient(int port, std::chrono::milliseconds timeout)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), timeout_(timeout) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect");
  }
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  const auto ms = timeout.count();
  const timeval limit = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

RawClient::~RawClient() { ::close(socket_); }

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::FinishSending() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::ReadMore() {
  pollfd readable = {.fd = socket_, .events = POLLIN, .revents = 0};
  if (::poll(&readable, 1, static_cast<int>(timeout_.count())) <= 0) return false;
  std::array<char, 65536> piece = {};
  const ssize_t size = ::recv(socket_, piece.data(), piece.size(), 0);
  if (size <= 0) return false;
  unread_.append(piece.data(), static_cast<std::size_t>(size));
  return true;
}

bool RawClient::ReadUpTo(std::size_t size) {
  while (unread_.size() < size) {
    if (!ReadMore()) return false;
  }
  return true;
}

HttpReply RawClient::ReadReply(std::string_view request_method) {
  std::size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore()) return {};
  }
  HttpReply reply;
  const std::string head = unread_.substr(0, end + 2);
  unread_.erase(0, end + 4);
  reply.status = head.size() > 12 ? std::atoi(head.substr(9, 3).c_str()) : 0;
  for (std::size_t line = head.find("\r\n") + 2; line < head.size();) {
    const std::size_t line_end = head.find("\r\n", line);
    const std::size_t colon = head.find(": ", line);
    if (colon < line_end) {
      reply.headers[base::AsciiToLower(head.substr(line, colon - line))] = head.substr(colon + 2, line_end - colon - 2);
    }
    line = line_end + 2;
  }
  if (request_method == "HEAD" || reply.status < 200 || reply.status == 204) return reply;
  const std::size_t size = std::strtoul(reply.headers["content-length"].c_str(), nullptr, 10);
  if (!ReadUpTo(size)) return {};
  reply.body = unread_.substr(0, size);
  unread_.erase(0, size);
  return reply;
}

bool RawClient::ReadsEnd() {
  const auto deadline = std::chrono::steady_clock::now() + timeout_;
  while (ReadMore()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
  }
  // Closed by the other side, not timed out.
  std::array<char, 1> byte = {};
  pollfd readable = {.fd = socket_, .events = POLLIN, .revents = 0};
  return ::poll(&readable, 1, 0) == 1 && ::recv(socket_, byte.data(), 1, MSG_DONTWAIT) <= 0;
}

std::string RawClient::Frame(int opcode, std::string_view payload, std::uint8_t first_bits) {
  std::string frame(1, static_cast<char>(first_bits | opcode));
  const auto append_size = [&](int bytes) {
    for (int i = bytes; i-- > 0;) frame += static_cast<char>(payload.size() >> (8 * i) & 0xFF);
  };
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() < 65536) {
    frame += '\xFE';
    append_size(2);
  } else {
    frame += '\xFF';
    append_size(8);
  }
  const std::string_view mask = "\x12\x34\x56\x78";
  frame += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  return frame;
}

std::optional<SocketMessage> RawClient::ReadMessage() {
  if (!ReadUpTo(2)) return std::nullopt;
  const auto byte = [this](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(unread_[i])); };
  SocketMessage message = {.opcode = static_cast<int>(byte(0) & 0xF), .payload = {}};
  std::size_t size = byte(1) & 0x7F;
  std::size_t header = 2;
  if (size >= 126) {
    header += size == 126 ? 2 : 8;
    if (!ReadUpTo(header)) return std::nullopt;
    size = 0;
    for (std::size_t i = 2; i < header; ++i) size = size * 256 + byte(i);
  }
  if (!ReadUpTo(header + size)) return std::nullopt;
  message.payload = unread_.substr(header, size);
  unread_.erase(0, header + size);
  return message;
}

std::string RequestText(std::string_view method, std::string_view target, std::string_view fields,
                        std::string_view body) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n").append(fields);
  if (!body.empty() || method == "POST")
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append("\r\n").append(body);
}

HttpReply Ask(int port, std::string_view method, std::string_view target, std::string_view fields,
              std::string_view body) {
  RawClient client(port);
  client.Send(RequestText(method, target, fields, body));
  return client.ReadReply(method);
}

std::string HandshakeText(std::string_view target, std::string_view fields) {
  std::string all =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  return RequestText("GET", target, all.append(fields));
}

}  // namespace posenet::server

// SPDX-License-Identifier: Apache-2.0
// Accepts connections and runs the network threads.
#ifndef POSENET_SERVER_LISTENER_H_
#define POSENET_SERVER_LISTENER_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "posenet/result.h"
#include "server/session.h"

namespace posenet::server {

class Listener {
 public:
  /// Listens on an IP address; port 0 takes a free one. `context` must outlive this.
  /// Errors: kInvalidArgument if `host` is not an IP address, kIo, for example if the port is in use.
  static Result<Listener> Open(const std::string& host, int port, ServerContext& context);

  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;
  /// Closes what is still open.
  ~Listener();

  [[nodiscard]] int port() const;
  /// Such as "http://127.0.0.1:8080/".
  [[nodiscard]] std::string Url() const;

  /// Accepts connections from now on, at most `max_connections` at a time.
  void Start(std::size_t max_connections);

  /// Accepts no more connections and lets the open ones finish their requests. Returns whether all ended in time.
  bool Stop(std::chrono::duration<double> timeout);

 private:
  struct Impl;
  explicit Listener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_LISTENER_H_

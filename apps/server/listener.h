// SPDX-License-Identifier: Apache-2.0
// Where connections come in, and the threads that carry them.
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
  /// Listens on an IP address; port 0 takes a free one. `site` must outlive this.
  /// Errors: kInvalidArgument for text that is no address, kIo with the system's reason, such as a port in use.
  static Result<Listener> Open(const std::string& host, int port, Site& site);

  Listener(Listener&&) noexcept;
  Listener& operator=(Listener&&) noexcept;
  /// Cuts off what is still open.
  ~Listener();

  [[nodiscard]] int port() const;
  /// Such as "http://127.0.0.1:8080/".
  [[nodiscard]] std::string Url() const;

  /// Takes connections from now on, at most `max_connections` at a time.
  void Start(std::size_t max_connections);

  /// Takes no more connections, and lets those that are open answer what they took; whether all ended in that time.
  bool Stop(std::chrono::duration<double> timeout);

 private:
  struct Impl;
  explicit Listener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_LISTENER_H_

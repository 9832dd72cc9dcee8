// SPDX-License-Identifier: Apache-2.0
// The built server as a process of its own.
#ifndef POSENET_TESTS_SERVER_SERVER_PROCESS_H_
#define POSENET_TESTS_SERVER_SERVER_PROCESS_H_

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace posenet::server {

/// `posenet serve arguments...`, at a free port unless they say which, which is killed at the end if it still runs.
class ServerProcess {
 public:
  /// Starts it, with standard error in `log`, and waits until it listens. Throws std::runtime_error when it does not
  /// within 20 s.
  ServerProcess(std::vector<std::string> arguments, std::filesystem::path log);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  [[nodiscard]] int port() const { return port_; }
  void Signal(int signal) const;
  /// Its exit status, or -signal.
  int Wait();
  /// Whether it still runs.
  bool IsAlive();
  /// What it wrote so far.
  [[nodiscard]] std::string Log() const;
  /// Resident memory.
  [[nodiscard]] double Megabytes() const;

 private:
  pid_t pid_ = -1;
  int port_ = 0;
  std::filesystem::path log_;
};

}  // namespace posenet::server

#endif  // POSENET_TESTS_SERVER_SERVER_PROCESS_H_

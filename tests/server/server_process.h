// SPDX-License-Identifier: Apache-2.0
// Runs the built server as a process.
#ifndef POSENET_TESTS_SERVER_SERVER_PROCESS_H_
#define POSENET_TESTS_SERVER_SERVER_PROCESS_H_

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace posenet::server {

/// A running `posenet serve arguments...`, by default on a free port; killed on destruction.
class ServerProcess {
 public:
  /// Starts it, with standard error in `log`, and waits until it listens. Throws std::runtime_error if it does not
  /// within 20 s.
  ServerProcess(std::vector<std::string> arguments, std::filesystem::path log);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  [[nodiscard]] int port() const { return port_; }
  void Signal(int signal) const;
  /// Waits for the exit status, or -signal.
  int Wait();
  /// Whether the process is running.
  bool IsAlive();
  /// Standard error so far.
  [[nodiscard]] std::string Log() const;
  /// Resident memory in bytes.
  [[nodiscard]] double Megabytes() const;

 private:
  pid_t pid_ = -1;
  int port_ = 0;
  std::filesystem::path log_;
};

}  // namespace posenet::server

#endif  // POSENET_TESTS_SERVER_SERVER_PROCESS_H_

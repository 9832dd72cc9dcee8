// SPDX-License-Identifier: Apache-2.0
#include "server_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace posenet::server {
namespace {

// The port in {"event": "listening", "message": "http://127.0.0.1:8080/"}; 0 if there is no such line yet.
int PortIn(const std::string& log) {
  const std::size_t line = log.find("\"listening\"");
  const std::size_t begin = log.find("127.0.0.1:", line);
  if (line == std::string::npos || begin == std::string::npos || log.find('\n', begin) == std::string::npos) return 0;
  return std::atoi(log.c_str() + begin + 10);
}

}  // namespace

ServerProcess::ServerProcess(std::vector<std::string> arguments, std::filesystem::path log) : log_(std::move(log)) {
  std::string program = POSENET_COMMAND;
  arguments.insert(arguments.begin(), "serve");
  if (std::ranges::find(arguments, "--port") == arguments.end()) {
    arguments.insert(arguments.end(), {"--port", "0"});
  }
  std::vector<char*> argv = {program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int error = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + program);
  for (int i = 0; i < 400 && (port_ = PortIn(Log())) == 0 && IsAlive(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  if (port_ == 0) throw std::runtime_error("the server does not listen: " + Log());
}

ServerProcess::~ServerProcess() {
  if (pid_ < 0) return;
  Signal(SIGKILL);
  Wait();
}

void ServerProcess::Signal(int signal) const { ::kill(pid_, signal); }

int ServerProcess::Wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool ServerProcess::IsAlive() {
  siginfo_t info = {};
  return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

std::string ServerProcess::Log() const {
  std::ifstream file(log_);
  return {std::istreambuf_iterator<char>(file), {}};
}

double ServerProcess::Megabytes() const {
  std::ifstream statm("/proc/" + std::to_string(pid_) + "/statm");
  double total_pages = 0.0;
  double resident_pages = 0.0;
  statm >> total_pages >> resident_pages;
  return resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

}  // namespace posenet::server

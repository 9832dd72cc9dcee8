// SPDX-License-Identifier: Apache-2.0
#include "run_command.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

extern char** environ;

namespace posenet::cli {
namespace {

// An unnamed file, which unlike a pipe holds input and output of any size.
class ScratchFile {
 public:
  explicit ScratchFile(std::string_view content = "") : file_(std::tmpfile()) {
    if (file_ == nullptr) throw std::runtime_error("cannot create a temporary file");
    std::fwrite(content.data(), 1, content.size(), file_);
    std::rewind(file_);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile() { std::fclose(file_); }

  [[nodiscard]] int descriptor() const { return ::fileno(file_); }

  [[nodiscard]] std::string Content() const {
    std::string content;
    std::rewind(file_);
    std::array<char, 4096> chunk = {};
    while (const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), file_))
      content.append(chunk.data(), size);
    return content;
  }

 private:
  std::FILE* file_;
};

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe MakePipe() {
  std::array<int, 2> ends = {};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot create a pipe");
  return {.read_end = ends[0], .write_end = ends[1]};
}

pid_t Spawn(const std::vector<std::string>& arguments, int in, int out, int err, const std::string& folder = {}) {
  std::string program = POSENET_COMMAND;
  std::vector<char*> argv = {program.data()};
  std::vector<std::string> copies = arguments;
  for (std::string& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  if (!folder.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t pid = -1;
  ::setenv("POSENET_MODELS", "/no/such/folder", 1);
  const int error = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + program);
  return pid;
}

// Reads a pipe to its end; sends SIGINT to `pid` once the first bytes have come.
std::string ReadAndInterrupt(int descriptor, pid_t pid) {
  std::string content;
  std::array<char, 4096> chunk = {};
  bool interrupted = false;
  for (ssize_t size = 0; (size = ::read(descriptor, chunk.data(), chunk.size())) > 0;) {
    content.append(chunk.data(), static_cast<std::size_t>(size));
    if (!interrupted) ::kill(pid, SIGINT);
    interrupted = true;
  }
  return content;
}

int Wait(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

CommandResult RunCommand(const std::vector<std::string>& arguments, const CommandOptions& options) {
  const ScratchFile in(options.standard_input);
  const ScratchFile out;
  const ScratchFile err;
  CommandResult result;
  switch (options.standard_output) {
    case StandardOutput::kCaptured: {
      result.exit_status = Wait(Spawn(arguments, in.descriptor(), out.descriptor(), err.descriptor(), options.folder));
      result.out = out.Content();
      break;
    }
    case StandardOutput::kFullDisk: {
      const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
      result.exit_status = Wait(Spawn(arguments, in.descriptor(), full, err.descriptor(), options.folder));
      ::close(full);
      break;
    }
    case StandardOutput::kClosedPipe: {
      const Pipe pipe = MakePipe();
      ::close(pipe.read_end);
      result.exit_status = Wait(Spawn(arguments, in.descriptor(), pipe.write_end, err.descriptor(), options.folder));
      ::close(pipe.write_end);
      break;
    }
    case StandardOutput::kInterruptedAt: {
      const Pipe pipe = MakePipe();
      const pid_t pid = Spawn(arguments, in.descriptor(), pipe.write_end, err.descriptor(), options.folder);
      ::close(pipe.write_end);
      result.out = ReadAndInterrupt(pipe.read_end, pid);
      ::close(pipe.read_end);
      result.exit_status = Wait(pid);
      break;
    }
  }
  result.err = err.Content();
  return result;
}

struct RunningCommand::Streams {
  ScratchFile err;
  Pipe in = MakePipe();
  Pipe out = MakePipe();
};

RunningCommand::RunningCommand(const std::vector<std::string>& arguments) : streams_(std::make_unique<Streams>()) {
  std::signal(SIGPIPE, SIG_IGN);  // Write reports a closed pipe.
  pid_ = Spawn(arguments, streams_->in.read_end, streams_->out.write_end, streams_->err.descriptor());
  ::close(streams_->in.read_end);
  ::close(streams_->out.write_end);
}

RunningCommand::~RunningCommand() {
  CloseInput();
  ::close(streams_->out.read_end);
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  Wait(pid_);
}

bool RunningCommand::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(streams_->in.write_end, bytes.data(), bytes.size());
    if (size < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void RunningCommand::CloseInput() {
  if (streams_->in.write_end >= 0) ::close(std::exchange(streams_->in.write_end, -1));
}

void RunningCommand::WaitUntilInputIsRead() const {
  for (int size = 1; ::ioctl(streams_->in.write_end, FIONREAD, &size) == 0 && size > 0;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::optional<std::string> RunningCommand::NextLine() {
  for (;;) {
    if (const std::size_t end = unread_.find('\n'); end != std::string::npos) {
      std::string line = unread_.substr(0, end + 1);
      unread_.erase(0, end + 1);
      return line;
    }
    if (!ReadMore()) return std::nullopt;
  }
}

bool RunningCommand::ReadMore() {
  constexpr int kTimeoutMs = 60'000;
  pollfd waiting = {.fd = streams_->out.read_end, .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, kTimeoutMs) <= 0) return false;
  std::array<char, 4096> chunk = {};
  const ssize_t size = ::read(streams_->out.read_end, chunk.data(), chunk.size());
  if (size > 0) unread_.append(chunk.data(), static_cast<std::size_t>(size));
  return size > 0;
}

void RunningCommand::Interrupt(int signal) const { ::kill(pid_, signal); }

CommandResult RunningCommand::Finish() {
  while (ReadMore()) {
  }
  CommandResult result;
  result.exit_status = Wait(std::exchange(pid_, -1));
  result.out = std::exchange(unread_, {});
  result.err = streams_->err.Content();
  return result;
}

}  // namespace posenet::cli

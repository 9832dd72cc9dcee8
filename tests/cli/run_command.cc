// SPDX-License-Identifier: Apache-2.0
#include "run_command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

extern char** environ;

namespace posenet::cli {
namespace {

// An unnamed file: what the command reads and writes may be of any size without a second thread here.
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

pid_t Spawn(const std::vector<std::string>& arguments, int in, int out, int err) {
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
      result.exit_status = Wait(Spawn(arguments, in.descriptor(), out.descriptor(), err.descriptor()));
      result.out = out.Content();
      break;
    }
    case StandardOutput::kFullDisk: {
      const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
      result.exit_status = Wait(Spawn(arguments, in.descriptor(), full, err.descriptor()));
      ::close(full);
      break;
    }
    case StandardOutput::kClosedPipe: {
      const Pipe pipe = MakePipe();
      ::close(pipe.read_end);
      result.exit_status = Wait(Spawn(arguments, in.descriptor(), pipe.write_end, err.descriptor()));
      ::close(pipe.write_end);
      break;
    }
    case StandardOutput::kInterruptedAt: {
      const Pipe pipe = MakePipe();
      const pid_t pid = Spawn(arguments, in.descriptor(), pipe.write_end, err.descriptor());
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

}  // namespace posenet::cli

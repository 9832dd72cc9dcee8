// SPDX-License-Identifier: Apache-2.0
#include "common/signals.h"

#include <atomic>
#include <csignal>

namespace posenet::app {
namespace {

// A signal may arrive on any thread. Lock-free, so the handler may touch it.
std::atomic<int> received_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void NoteSignal(int signal) { received_signal = signal; }

}  // namespace

void InstallSignalHandlers() {
  std::signal(SIGPIPE, SIG_IGN);
  struct sigaction action = {};
  action.sa_handler = NoteSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction inherited = {};
    // What a parent has set to be ignored, as nohup and background jobs do, stays ignored.
    if (::sigaction(signal, nullptr, &inherited) == 0 && inherited.sa_handler == SIG_IGN) continue;
    ::sigaction(signal, &action, nullptr);
  }
}

bool IsInterrupted() { return received_signal != 0; }

CommandError Interruption(const std::string& what_is_left) {
  const bool terminated = received_signal == SIGTERM;
  return {terminated ? ExitCode::kTerminated : ExitCode::kInterrupted,
          (terminated ? "terminated" : "interrupted") + what_is_left};
}

void ThrowIfInterrupted() {
  if (IsInterrupted()) throw Interruption("; output files were left as they were");
}

}  // namespace posenet::app

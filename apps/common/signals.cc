// SPDX-License-Identifier: Apache-2.0
#include "common/signals.h"

#include <array>
#include <atomic>
#include <csignal>

namespace posenet::app {
namespace {

constexpr std::array kEndingSignals = {SIGINT, SIGTERM};

// A signal may arrive on any thread. Lock-free, so the handler may write it.
std::atomic<int> received_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void RecordSignal(int signal) { received_signal = signal; }

void SetHandlers(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  for (const int signal : kEndingSignals) {
    struct sigaction current = {};
    // A signal that the parent ignores, as nohup does for its commands, stays ignored.
    if (::sigaction(signal, nullptr, &current) == 0 && current.sa_handler == SIG_IGN) continue;
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace

void InstallSignalHandlers() {
  std::signal(SIGPIPE, SIG_IGN);
  SetHandlers(RecordSignal);
}

bool IsInterrupted() { return received_signal != 0; }

CommandError Interruption(const std::string& details) {
  const bool terminated = received_signal == SIGTERM;
  return {terminated ? ExitCode::kTerminated : ExitCode::kInterrupted,
          (terminated ? "terminated" : "interrupted") + details};
}

void ThrowIfInterrupted() {
  if (IsInterrupted()) throw Interruption("; output files are unchanged");
}

ImmediateSignals::ImmediateSignals() {
  ThrowIfInterrupted();
  SetHandlers(SIG_DFL);
}

ImmediateSignals::~ImmediateSignals() { SetHandlers(RecordSignal); }

}  // namespace posenet::app

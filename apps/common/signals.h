// SPDX-License-Identifier: Apache-2.0
// Stopping on request without leaving half-written files.
#ifndef POSENET_COMMON_SIGNALS_H_
#define POSENET_COMMON_SIGNALS_H_

#include <string>

#include "common/command_error.h"

namespace posenet::app {

/// From now on the first SIGINT or SIGTERM is recorded instead of ending the process (a second one ends it), and
/// writing to a closed pipe is an error instead of a signal.
void InstallSignalHandlers();

/// Whether one of these signals has been received.
bool IsInterrupted();

/// The error that ends an interrupted command: kInterrupted or, after SIGTERM, kTerminated, with the message
/// "interrupted" or "terminated" and then `details`. Requires IsInterrupted().
[[nodiscard]] CommandError Interruption(const std::string& details);

/// Throws an Interruption if one of these signals has been received, for commands whose output files are still
/// unchanged. Called between units of work.
void ThrowIfInterrupted();

/// While it exists, SIGINT and SIGTERM end the process at once, as they do by default: for long calls into the library
/// that leave nothing behind.
class ImmediateSignals {
 public:
  ImmediateSignals();
  ImmediateSignals(const ImmediateSignals&) = delete;
  ImmediateSignals& operator=(const ImmediateSignals&) = delete;
  ~ImmediateSignals();
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_SIGNALS_H_

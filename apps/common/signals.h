// SPDX-License-Identifier: Apache-2.0
// Ending on request without leaving half-written files.
#ifndef POSENET_COMMON_SIGNALS_H_
#define POSENET_COMMON_SIGNALS_H_

#include <string>

#include "common/command_error.h"

namespace posenet::app {

/// From now on the first SIGINT or SIGTERM is noted instead of ending the process (a second one ends it), and writing
/// to a closed pipe is an error instead of a signal.
void InstallSignalHandlers();

/// Whether one of these signals has come, for those who have something to finish first.
bool IsInterrupted();

/// What somebody ends with who finished on request: an error of kInterrupted or, after SIGTERM, kTerminated, that says
/// "interrupted" or "terminated" and then `what_is_left`. Call it only where IsInterrupted.
[[nodiscard]] CommandError Interruption(const std::string& what_is_left);

/// Throws the Interruption that leaves output files as they were, when one of these signals has come. Called between
/// images.
void ThrowIfInterrupted();

}  // namespace posenet::app

#endif  // POSENET_COMMON_SIGNALS_H_

// SPDX-License-Identifier: Apache-2.0
// Ending on request without leaving half-written files.
#ifndef POSENET_CLI_SIGNALS_H_
#define POSENET_CLI_SIGNALS_H_

namespace posenet::cli {

/// From now on the first SIGINT or SIGTERM is noted instead of ending the process (a second one ends it), and writing
/// to a closed pipe is an error instead of a signal.
void InstallSignalHandlers();

/// Whether one of these signals has come, for those who have something to finish first.
bool IsInterrupted();

/// Throws CommandError (kInterrupted or kTerminated) when one of these signals has come. Called between pictures.
void ThrowIfInterrupted();

}  // namespace posenet::cli

#endif  // POSENET_CLI_SIGNALS_H_

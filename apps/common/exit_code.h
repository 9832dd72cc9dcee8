// SPDX-License-Identifier: Apache-2.0
// How the command ends.
#ifndef POSENET_COMMON_EXIT_CODE_H_
#define POSENET_COMMON_EXIT_CODE_H_

namespace posenet::app {

/// Exit statuses, as `--help` documents them.
enum class ExitCode : int {
  kSuccess = 0,
  kFailure = 1,        ///< Something could not be read, run or written; whatever could be answered was.
  kUsage = 2,          ///< The command line asks for something that does not exist; nothing was done.
  kInterrupted = 130,  ///< 128 + SIGINT, as shells expect.
  kTerminated = 143,   ///< 128 + SIGTERM.
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_EXIT_CODE_H_

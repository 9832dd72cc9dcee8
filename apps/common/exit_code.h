// SPDX-License-Identifier: Apache-2.0
// Exit statuses of all programs.
#ifndef POSENET_COMMON_EXIT_CODE_H_
#define POSENET_COMMON_EXIT_CODE_H_

namespace posenet::app {

/// Exit statuses, as `--help` documents them.
enum class ExitCode : int {
  kSuccess = 0,
  kFailure = 1,         ///< Something could not be read, run or written; everything else was done.
  kUsage = 2,           ///< The command line is wrong; nothing was done.
  kInterrupted = 130,   ///< 128 + SIGINT, as shells expect.
  kOutputClosed = 141,  ///< 128 + SIGPIPE: the reader of standard output closed it, as `| head` does.
  kTerminated = 143,    ///< 128 + SIGTERM.
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_EXIT_CODE_H_

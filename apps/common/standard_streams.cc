// SPDX-License-Identifier: Apache-2.0
#include "common/standard_streams.h"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "base/redact.h"
#include "base/strings.h"
#include "common/command_error.h"

namespace posenet::app {
namespace {

// Writes all of `text`; returns 0 or errno.
int WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

void WriteStandardOutput(std::string_view text) {
  if (const int error_number = WriteAll(STDOUT_FILENO, text); error_number != 0) {
    throw CommandError(error_number == EPIPE ? ExitCode::kOutputClosed : ExitCode::kFailure,
                       base::StrCat("standard output: cannot write: ", std::generic_category().message(error_number)));
  }
}

void PrintError(std::string_view message) {
  WriteStandardError(base::StrCat("posenet: ", base::WithoutCredentials(message), "\n"));
}

void WriteStandardError(std::string_view text) { static_cast<void>(WriteAll(STDERR_FILENO, text)); }

bool StandardInputIsTerminal() { return ::isatty(STDIN_FILENO) == 1; }

bool StandardOutputIsTerminal() { return ::isatty(STDOUT_FILENO) == 1; }

bool StandardErrorIsTerminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace posenet::app

// SPDX-License-Identifier: Apache-2.0
// Standard output and standard error, written unbuffered, so that every failure is noticed.
#ifndef POSENET_COMMON_STANDARD_STREAMS_H_
#define POSENET_COMMON_STANDARD_STREAMS_H_

#include <string_view>

namespace posenet::app {

/// Writes all of `text`. Throws CommandError: kOutputClosed if the reader of a pipe has closed it; otherwise kFailure
/// with the system's reason, such as a full disk.
void WriteStandardOutput(std::string_view text);

/// Writes "posenet: ", `message` without the credentials of URLs, and a newline to standard error. Failures are
/// ignored, because they cannot be reported.
void PrintError(std::string_view message);

/// Writes `text` unchanged; failures are ignored.
void WriteStandardError(std::string_view text);

[[nodiscard]] bool StandardInputIsTerminal();
[[nodiscard]] bool StandardOutputIsTerminal();
[[nodiscard]] bool StandardErrorIsTerminal();

}  // namespace posenet::app

#endif  // POSENET_COMMON_STANDARD_STREAMS_H_

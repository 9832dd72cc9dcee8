// SPDX-License-Identifier: Apache-2.0
// Standard output and standard error, written without buffers of their own, so that every failure is seen.
#ifndef POSENET_COMMON_STANDARD_STREAMS_H_
#define POSENET_COMMON_STANDARD_STREAMS_H_

#include <string_view>

namespace posenet::app {

/// Writes all of `text`. Throws CommandError (kFailure) with the system's reason, such as a closed pipe.
void WriteStandardOutput(std::string_view text);

/// Writes "posenet: message" and a line end. Failures are ignored: there is nobody left to tell.
void PrintError(std::string_view message);

/// Writes `text` as it is; failures are ignored.
void WriteStandardError(std::string_view text);

[[nodiscard]] bool StandardInputIsTerminal();
[[nodiscard]] bool StandardOutputIsTerminal();
[[nodiscard]] bool StandardErrorIsTerminal();

}  // namespace posenet::app

#endif  // POSENET_COMMON_STANDARD_STREAMS_H_

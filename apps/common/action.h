// SPDX-License-Identifier: Apache-2.0
// What a command does once its options are parsed.
#ifndef POSENET_COMMON_ACTION_H_
#define POSENET_COMMON_ACTION_H_

#include <functional>

#include "common/exit_code.h"

namespace CLI {
class App;
}

namespace posenet::app {

/// The help group of commands.
inline constexpr const char* kCommandGroup = "Commands";

/// Executes the parsed command. Throws CommandError.
using Action = std::function<ExitCode()>;

}  // namespace posenet::app

#endif  // POSENET_COMMON_ACTION_H_

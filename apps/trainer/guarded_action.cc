// SPDX-License-Identifier: Apache-2.0
#include "trainer/guarded_action.h"

#include <utility>

#include "common/command_error.h"
#include "train/failure.h"

namespace posenet::trainer {

app::Action Guarded(app::Action action) {
  return [action = std::move(action)] {
    try {
      return action();
    } catch (const train::TrainError& error) {
      const bool is_usage = error.code() == ErrorCode::kInvalidArgument;
      throw app::CommandError(is_usage ? app::ExitCode::kUsage : app::ExitCode::kFailure, error.what());
    }
  };
}

}  // namespace posenet::trainer

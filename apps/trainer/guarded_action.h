// SPDX-License-Identifier: Apache-2.0
// Errors of training as errors of commands.
#ifndef POSENET_TRAINER_GUARDED_ACTION_H_
#define POSENET_TRAINER_GUARDED_ACTION_H_

#include "common/action.h"

namespace posenet::trainer {

/// `action`, whose TrainErrors become CommandErrors: ExitCode::kUsage for kInvalidArgument, otherwise kFailure.
app::Action Guarded(app::Action action);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_GUARDED_ACTION_H_

// SPDX-License-Identifier: Apache-2.0
// The command that learns scenes.
#ifndef POSENET_TRAINER_CAMERA_TRAIN_H_
#define POSENET_TRAINER_CAMERA_TRAIN_H_

#include "common/action.h"

namespace posenet::trainer {

/// posenet camera train
void AddCameraTrain(CLI::App& parent, app::Action& action);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_CAMERA_TRAIN_H_

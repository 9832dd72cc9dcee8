// SPDX-License-Identifier: Apache-2.0
// The command that learns scenes.
#ifndef POSENET_TRAIN_APP_CAMERA_TRAIN_H_
#define POSENET_TRAIN_APP_CAMERA_TRAIN_H_

#include "commands.h"

namespace posenet::trainer {

/// posenet camera train
void AddCameraTrain(CLI::App& parent, cli::Action& action);

}  // namespace posenet::trainer

#endif  // POSENET_TRAIN_APP_CAMERA_TRAIN_H_

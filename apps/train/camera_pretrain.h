// SPDX-License-Identifier: Apache-2.0
// The command that trains backbones.
#ifndef POSENET_TRAIN_APP_CAMERA_PRETRAIN_H_
#define POSENET_TRAIN_APP_CAMERA_PRETRAIN_H_

#include "commands.h"

namespace posenet::trainer {

/// posenet camera pretrain
void AddCameraPretrain(CLI::App& parent, cli::Action& action);

}  // namespace posenet::trainer

#endif  // POSENET_TRAIN_APP_CAMERA_PRETRAIN_H_

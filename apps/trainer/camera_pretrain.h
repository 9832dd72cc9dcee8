// SPDX-License-Identifier: Apache-2.0
// The command that trains backbones.
#ifndef POSENET_TRAINER_CAMERA_PRETRAIN_H_
#define POSENET_TRAINER_CAMERA_PRETRAIN_H_

#include "common/action.h"

namespace posenet::trainer {

/// posenet camera pretrain
void AddCameraPretrain(CLI::App& parent, app::Action& action);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_CAMERA_PRETRAIN_H_

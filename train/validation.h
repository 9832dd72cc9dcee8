// SPDX-License-Identifier: Apache-2.0
// How far a network is from the poses of the held-out frames.
#ifndef POSENET_TRAIN_VALIDATION_H_
#define POSENET_TRAIN_VALIDATION_H_

#include <torch/torch.h>

#include <optional>

#include "train/torch_network.h"
#include "train/train_events.h"
#include "train/training_data.h"

namespace posenet::train {

/// The errors of `network` on the validation frames of `data`, or nothing if there are none. Leaves the network in
/// evaluation mode.
std::optional<ValidationErrors> Validate(TorchNetwork& network, TrainingData& data, const TrainOptions& options,
                                         torch::Device device);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_VALIDATION_H_

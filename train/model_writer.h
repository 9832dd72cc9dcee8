// SPDX-License-Identifier: Apache-2.0
// From trained tensors to a model file.
#ifndef POSENET_TRAIN_MODEL_WRITER_H_
#define POSENET_TRAIN_MODEL_WRITER_H_

#include <filesystem>

#include "model/model_spec.h"
#include "train/torch_network.h"
#include "train/trainer.h"

namespace posenet::train {

/// A view of each tensor, which must be of contiguous floats and outlive it.
nn::TensorMap ViewsOf(const NamedTensors& tensors);

/// Writes `network` with the tensors of `trained`, and of `kept` for layers that did not learn. Throws TrainError.
void WriteCameraModel(const std::filesystem::path& path, const nn::Network& network, const NamedTensors& trained,
                      const nn::TensorMap& kept, const camera::CameraSpec& spec, const TrainOptions& options);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_MODEL_WRITER_H_

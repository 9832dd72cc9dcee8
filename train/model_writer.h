// SPDX-License-Identifier: Apache-2.0
// Writes trained networks as model files.
#ifndef POSENET_TRAIN_MODEL_WRITER_H_
#define POSENET_TRAIN_MODEL_WRITER_H_

#include <filesystem>

#include "model/model_spec.h"
#include "train/torch_network.h"
#include "train/train_options.h"

namespace posenet::train {

/// Views of `tensors`, which must be contiguous float32 and outlive the views.
nn::TensorMap ViewsOf(const NamedTensors& tensors);

/// Writes `network` with the tensors of `trained`, and those of `frozen` for layers that were not trained. Throws
/// TrainError.
void WriteCameraModel(const std::filesystem::path& path, const nn::Network& network, const NamedTensors& trained,
                      const nn::TensorMap& frozen, const camera::CameraSpec& spec, const TrainOptions& options);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_MODEL_WRITER_H_

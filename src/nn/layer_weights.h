// SPDX-License-Identifier: Apache-2.0
// The trained numbers of one layer, checked against the layer.
#ifndef POSENET_NN_LAYER_WEIGHTS_H_
#define POSENET_NN_LAYER_WEIGHTS_H_

#include <vector>

#include "nn/network.h"
#include "nn/weights.h"

namespace posenet::nn {

struct LayerWeights {
  std::vector<float> weights;
  std::vector<float> bias;  // One for each output channel, zeros when the layer has none.
};

/// Weights [kernel_height, kernel_width, in_channels / groups, out_channels] and bias.
/// Errors: kCorruptData naming the tensor: missing, of another shape, or not finite; kUnsupported: of integers.
Result<LayerWeights> ReadConvWeights(const Conv2d& conv, int in_channels, const TensorMap& tensors);

/// Weights [in, out] and bias; `in` is whatever the tensor has, for it depends on the size of the input.
/// Errors: as ReadConvWeights.
Result<LayerWeights> ReadFullyConnectedWeights(const FullyConnected& layer, const TensorMap& tensors);

}  // namespace posenet::nn

#endif  // POSENET_NN_LAYER_WEIGHTS_H_

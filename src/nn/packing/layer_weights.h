// SPDX-License-Identifier: Apache-2.0
// The trained numbers of one layer, checked against the layer.
#ifndef POSENET_NN_PACKING_LAYER_WEIGHTS_H_
#define POSENET_NN_PACKING_LAYER_WEIGHTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "nn/graph/network.h"
#include "nn/graph/weights.h"

namespace posenet::nn {

struct LayerWeights {
  std::vector<float> weights;
  std::vector<float> bias;  // One for each output channel, zeros when the layer has none.
  /// For weights that are stored as int8: these, and what they count in for each output channel. `weights` are empty
  /// then until FillFloats.
  std::vector<std::int8_t> int8_weights;
  std::vector<float> weight_scales;

  /// Rows of the matrix whose columns are output channels.
  [[nodiscard]] std::size_t RowCount() const {
    return (int8_weights.empty() ? weights.size() : int8_weights.size()) / bias.size();
  }
};

/// Weights [kernel_height, kernel_width, in_channels / groups, out_channels] and bias.
/// Errors: kCorruptData naming the tensor: missing, of another shape, or not finite; kUnsupported: of other integers
/// than int8.
Result<LayerWeights> ReadConvWeights(const Conv2d& conv, int in_channels, const TensorMap& tensors);

/// Weights [in, out] and bias; `in` is whatever the tensor has, for it depends on the size of the input.
/// Errors: as ReadConvWeights.
Result<LayerWeights> ReadFullyConnectedWeights(const FullyConnected& layer, const TensorMap& tensors);

struct LstmWeights {
  LayerWeights input;      // With the layer's bias.
  LayerWeights recurrent;  // With zeros for a bias.
};

/// The rows of input_weights are whatever the tensor has. Errors: as ReadConvWeights.
Result<LstmWeights> ReadLstmWeights(const Lstm& lstm, const TensorMap& tensors);

/// The units of a value's whole numbers, or none for an empty name. Errors: as ReadConvWeights; kCorruptData for units
/// that are not positive, or let 255 of them exceed the bound of kRelu6.
Result<std::vector<float>> ReadScales(const Layer& layer, int channels, const TensorMap& tensors);

/// Sets `weights` of a layer with int8 weights to what these stand for.
void FillFloats(LayerWeights& layer);

/// Weights for whole numbers of `input_scales` as weights for the numbers themselves.
void DivideByInputScales(std::span<const float> input_scales, LayerWeights& layer);

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_LAYER_WEIGHTS_H_

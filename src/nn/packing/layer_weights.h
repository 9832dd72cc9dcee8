// SPDX-License-Identifier: Apache-2.0
// The weights of one layer, checked against the layer.
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
  std::vector<float> bias;  // One for each output channel; zeros if the layer has none.
  /// For weights that are stored as int8: these, and the unit of each output channel. `weights` is then empty until
  /// FillFloats.
  std::vector<std::int8_t> int8_weights;
  std::vector<float> weight_scales;

  /// Rows of the weights as a matrix whose columns are output channels.
  [[nodiscard]] std::size_t RowCount() const {
    return (int8_weights.empty() ? weights.size() : int8_weights.size()) / bias.size();
  }
};

/// Reads weights [kernel_height, kernel_width, in_channels / groups, out_channels] and bias.
/// Errors: kCorruptData naming the tensor: missing, of another shape, or not finite; kUnsupported for other integers
/// than int8.
Result<LayerWeights> ReadConvWeights(const Conv2d& conv, int in_channels, const TensorMap& tensors);

/// Reads weights [in, out] and bias; `in` is taken from the tensor, as it depends on the size of the network's input.
/// Errors: as ReadConvWeights.
Result<LayerWeights> ReadFullyConnectedWeights(const FullyConnected& layer, const TensorMap& tensors);

struct LstmWeights {
  LayerWeights input;      // With the layer's bias.
  LayerWeights recurrent;  // With a bias of zeros.
};

/// Reads an LSTM's weights; the row count of input_weights is taken from the tensor. Errors: as ReadConvWeights.
Result<LstmWeights> ReadLstmWeights(const Lstm& lstm, const TensorMap& tensors);

/// How numbers are represented by integers, for each channel: by x / scale + zero point. Both are empty for values
/// without integers, `zero_points` also for values whose zero points are all 0.
struct IntegerUnits {
  std::vector<float> scales;
  std::vector<float> zero_points;
};

/// Reads Layer::scales and zero_points. Errors: as ReadConvWeights; kCorruptData for units that are not positive, or of
/// which 255 exceed the bound of kRelu6, and for zero points that are missing, not allowed or out of range.
Result<IntegerUnits> ReadUnits(const Layer& layer, int channels, const TensorMap& tensors);

/// Sets `weights` of a layer with int8 weights to the numbers that these stand for.
void FillFloats(LayerWeights& layer);

/// Converts weights for inputs that are integers in units of `input_scales` to weights for the inputs themselves.
void DivideByInputScales(std::span<const float> input_scales, LayerWeights& layer);

/// Converts the bias of a layer with int8 weights, for integers less their zero points, to one for the integers.
void SubtractZeroPoints(std::span<const float> input_zero_points, LayerWeights& layer);

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_LAYER_WEIGHTS_H_

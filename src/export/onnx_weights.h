// SPDX-License-Identifier: Apache-2.0
// Weights in ONNX's order: channels before rows and columns.
#ifndef POSENET_EXPORT_ONNX_WEIGHTS_H_
#define POSENET_EXPORT_ONNX_WEIGHTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "nn/graph/network.h"

namespace posenet::exporter {

/// Converts a convolution's weights [kernel_height, kernel_width, in, out], whose shape is `shape`, to
/// [out, in, kernel_height, kernel_width].
std::vector<float> ToOihw(std::span<const float> weights_hwio, const std::vector<std::int64_t>& shape);

/// Converts a fully connected layer's weights [height * width * channels, out] from an `input` flattened in NHWC order
/// to one flattened in NCHW order.
std::vector<float> ToNchwRows(std::span<const float> weights, const nn::Shape& input);

/// Converts an LSTM's weights [inputs, gates], or its biases (`inputs` is 1), with gates in the order i, f, g, o, to
/// [gates, inputs] in ONNX's order i, o, f, g.
std::vector<float> ToOnnxGates(std::span<const float> weights, std::int64_t inputs);

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_ONNX_WEIGHTS_H_

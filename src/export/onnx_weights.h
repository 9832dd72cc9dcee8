// SPDX-License-Identifier: Apache-2.0
// Weights in ONNX's order: channels before rows and columns.
#ifndef POSENET_EXPORT_ONNX_WEIGHTS_H_
#define POSENET_EXPORT_ONNX_WEIGHTS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "nn/graph/network.h"

namespace posenet::exporter {

/// A convolution's weights [kernel_height, kernel_width, in, out] as [out, in, kernel_height, kernel_width]; `shape` is
/// the one before.
std::vector<float> ToOihw(std::span<const float> weights_hwio, const std::vector<std::int64_t>& shape);

/// A fully connected layer's weights [height * width * channels, out] for an `input` flattened in NHWC order, with the
/// rows in the order of one that is flattened in NCHW order.
std::vector<float> ToNchwRows(std::span<const float> weights, const nn::Shape& input);

/// Weights [inputs, gates], or biases (`inputs` is 1), of a long short-term memory whose gates are in the order i, f,
/// g, o, as [gates, inputs] in ONNX's order i, o, f, g.
std::vector<float> ToOnnxGates(std::span<const float> weights, std::int64_t inputs);

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_ONNX_WEIGHTS_H_

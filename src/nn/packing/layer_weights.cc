// SPDX-License-Identifier: Apache-2.0
#include "nn/packing/layer_weights.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "base/error.h"

namespace posenet::nn {
namespace {

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t size : shape) text += base::StrCat(text.size() > 1 ? ", " : "", size);
  return text + "]";
}

Result<const TensorView*> Find(const std::string& name, const TensorMap& tensors) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(name), " is missing");
  }
  return &found->second;
}

Result<std::vector<float>> Read(const std::string& name, const std::vector<std::int64_t>& shape,
                                const TensorMap& tensors) {
  POSENET_ASSIGN_OR_RETURN(const TensorView* const tensor, Find(name, tensors));
  if (tensor->shape != shape) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(name), " has shape ",
                      ShapeText(tensor->shape), "; expected ", ShapeText(shape));
  }
  auto values = ToFloat(*tensor);
  if (!values) return base::FailIn(values.error(), "tensor ", base::Printable(name));
  return values;
}

// Reads a matrix with any number of rows.
Result<std::vector<float>> ReadRows(const std::string& name, int columns, const TensorMap& tensors) {
  POSENET_ASSIGN_OR_RETURN(const TensorView* const tensor, Find(name, tensors));
  const std::int64_t rows = tensor->shape.size() == 2 ? tensor->shape[0] : 1;
  return Read(name, {rows, columns}, tensors);
}

Result<std::vector<float>> ReadBias(const std::string& name, int out_channels, const TensorMap& tensors) {
  if (name.empty()) return std::vector<float>(static_cast<std::size_t>(out_channels));
  return Read(name, {out_channels}, tensors);
}

// Adds int8 weights, whose shape has been checked, to `result`.
Result<void> ReadInt8(const Conv2d& conv, const TensorView& tensor, const TensorMap& tensors, LayerWeights& result) {
  if (conv.weight_scales.empty()) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(conv.weights),
                      " is of type int8, but its layer has no weight_scales");
  }
  if (static_cast<std::int64_t>(tensor.bytes.size()) != tensor.ElementCount()) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(conv.weights), " has ", tensor.bytes.size(),
                      " bytes; expected ", tensor.ElementCount());
  }
  POSENET_ASSIGN_OR_RETURN(result.weight_scales, Read(conv.weight_scales, {conv.out_channels}, tensors));
  const auto* const weights = reinterpret_cast<const std::int8_t*>(tensor.bytes.data());
  result.int8_weights.assign(weights, weights + tensor.bytes.size());
  return {};
}

}  // namespace

Result<LayerWeights> ReadConvWeights(const Conv2d& conv, int in_channels, const TensorMap& tensors) {
  LayerWeights result;
  const std::vector<std::int64_t> shape = {conv.window.kernel_height, conv.window.kernel_width,
                                           in_channels / conv.groups, conv.out_channels};
  POSENET_ASSIGN_OR_RETURN(const TensorView* const tensor, Find(conv.weights, tensors));
  if (tensor->dtype == DType::kInt8 && tensor->shape == shape) {
    POSENET_RETURN_IF_ERROR(ReadInt8(conv, *tensor, tensors, result));
  } else {
    POSENET_ASSIGN_OR_RETURN(result.weights, Read(conv.weights, shape, tensors));
  }
  POSENET_ASSIGN_OR_RETURN(result.bias, ReadBias(conv.bias, conv.out_channels, tensors));
  return result;
}

Result<LayerWeights> ReadFullyConnectedWeights(const FullyConnected& layer, const TensorMap& tensors) {
  LayerWeights result;
  POSENET_ASSIGN_OR_RETURN(result.weights, ReadRows(layer.weights, layer.out_channels, tensors));
  POSENET_ASSIGN_OR_RETURN(result.bias, ReadBias(layer.bias, layer.out_channels, tensors));
  return result;
}

Result<LstmWeights> ReadLstmWeights(const Lstm& lstm, const TensorMap& tensors) {
  const int gates = 4 * lstm.hidden;
  LstmWeights result;
  POSENET_ASSIGN_OR_RETURN(result.input.weights, ReadRows(lstm.input_weights, gates, tensors));
  POSENET_ASSIGN_OR_RETURN(result.input.bias, Read(lstm.bias, {gates}, tensors));
  POSENET_ASSIGN_OR_RETURN(result.recurrent.weights, Read(lstm.recurrent_weights, {lstm.hidden, gates}, tensors));
  result.recurrent.bias.resize(static_cast<std::size_t>(gates));
  return result;
}

Result<IntegerUnits> ReadUnits(const Layer& layer, int channels, const TensorMap& tensors) {
  const auto* const conv = std::get_if<Conv2d>(&layer.operation);
  const auto* const add = std::get_if<Add>(&layer.operation);
  const Activation activation = conv != nullptr  ? conv->activation
                                : add != nullptr ? add->activation
                                                 : Activation::kNone;
  const bool needs_zero_points = !layer.scales.empty() && !IsRectifier(activation);
  if (needs_zero_points != !layer.zero_points.empty()) {
    return base::Fail(ErrorCode::kCorruptData, needs_zero_points ? "has scales, but no" : "has unexpected",
                      " zero points; expected them with scales of results that may be negative");
  }
  if (layer.scales.empty()) return IntegerUnits();
  IntegerUnits units;
  POSENET_ASSIGN_OR_RETURN(units.scales, Read(layer.scales, {channels}, tensors));
  for (const float scale : units.scales) {
    if (!(scale > 0.0F)) {
      return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(layer.scales), " is not positive");
    }
    // Saturation at 255 units replaces the clamp at 6.
    if (activation == Activation::kRelu6 && scale > 6.001F / 255.0F) {
      return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(layer.scales), " has the scale ", scale,
                        ", 255 times which exceeds 6");
    }
  }
  if (layer.zero_points.empty()) return units;
  POSENET_ASSIGN_OR_RETURN(units.zero_points, Read(layer.zero_points, {channels}, tensors));
  for (const float zero : units.zero_points) {
    if (!(zero >= 0.0F && zero <= 255.0F && zero == std::floor(zero))) {
      return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(layer.zero_points), " has the number ",
                        zero, "; expected whole numbers from 0 to 255");
    }
  }
  return units;
}

void FillFloats(LayerWeights& layer) {
  layer.weights.resize(layer.int8_weights.size());
  const std::size_t columns = layer.weight_scales.size();
  for (std::size_t start = 0; start < layer.weights.size(); start += columns) {
    for (std::size_t column = 0; column < columns; ++column) {
      layer.weights[start + column] =
          static_cast<float>(layer.int8_weights[start + column]) * layer.weight_scales[column];
    }
  }
}

void DivideByInputScales(std::span<const float> input_scales, LayerWeights& layer) {
  const std::size_t columns = layer.bias.size();
  for (std::size_t row = 0; row * columns < layer.weights.size(); ++row) {
    const float scale = input_scales[row % input_scales.size()];
    for (std::size_t column = 0; column < columns; ++column) layer.weights[row * columns + column] /= scale;
  }
}

void SubtractZeroPoints(std::span<const float> input_zero_points, LayerWeights& layer) {
  if (input_zero_points.empty()) return;
  const std::size_t columns = layer.bias.size();
  std::vector<std::int64_t> sums(columns);
  for (std::size_t i = 0; i < layer.int8_weights.size(); ++i) {
    sums[i % columns] += layer.int8_weights[i] * static_cast<std::int64_t>(input_zero_points[i / columns]);
  }
  for (std::size_t i = 0; i < columns; ++i) layer.bias[i] -= layer.weight_scales[i] * static_cast<float>(sums[i]);
}

}  // namespace posenet::nn

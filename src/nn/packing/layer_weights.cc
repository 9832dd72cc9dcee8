// SPDX-License-Identifier: Apache-2.0
#include "nn/packing/layer_weights.h"

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

Result<std::vector<float>> ReadScales(const Layer& layer, int channels, const TensorMap& tensors) {
  if (layer.scales.empty()) return std::vector<float>();
  POSENET_ASSIGN_OR_RETURN(const std::vector<float> scales, Read(layer.scales, {channels}, tensors));
  const auto* const conv = std::get_if<Conv2d>(&layer.operation);
  const bool is_bounded = conv != nullptr && conv->activation == Activation::kRelu6;
  for (const float scale : scales) {
    if (!(scale > 0.0F)) {
      return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(layer.scales), " is not positive");
    }
    // Saturation at 255 units replaces the clamp at 6.
    if (is_bounded && scale > 6.001F / 255.0F) {
      return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(layer.scales), " has the scale ", scale,
                        ", 255 times which exceeds 6");
    }
  }
  return scales;
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

}  // namespace posenet::nn

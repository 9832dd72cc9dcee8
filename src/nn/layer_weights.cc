// SPDX-License-Identifier: Apache-2.0
#include "nn/layer_weights.h"

#include <cstdint>
#include <string>

#include "base/error.h"

namespace posenet::nn {
namespace {

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t size : shape) text += StrCat(text.size() > 1 ? ", " : "", size);
  return text + "]";
}

Result<const TensorView*> Find(const std::string& name, const TensorMap& tensors) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) return Fail(ErrorCode::kCorruptData, "tensor ", Printable(name), " is missing");
  return &found->second;
}

Result<std::vector<float>> Read(const std::string& name, const std::vector<std::int64_t>& shape,
                                const TensorMap& tensors) {
  POSENET_ASSIGN_OR_RETURN(const TensorView* const tensor, Find(name, tensors));
  if (tensor->shape != shape) {
    return Fail(ErrorCode::kCorruptData, "tensor ", Printable(name), " has shape ", ShapeText(tensor->shape),
                "; expected ", ShapeText(shape));
  }
  auto values = ToFloat(*tensor);
  if (!values) return FailIn(values.error(), "tensor ", Printable(name));
  return values;
}

Result<std::vector<float>> ReadBias(const std::string& name, int out_channels, const TensorMap& tensors) {
  if (name.empty()) return std::vector<float>(static_cast<std::size_t>(out_channels));
  return Read(name, {out_channels}, tensors);
}

}  // namespace

Result<LayerWeights> ReadConvWeights(const Conv2d& conv, int in_channels, const TensorMap& tensors) {
  LayerWeights result;
  POSENET_ASSIGN_OR_RETURN(result.weights, Read(conv.weights,
                                                {conv.window.kernel_height, conv.window.kernel_width,
                                                 in_channels / conv.groups, conv.out_channels},
                                                tensors));
  POSENET_ASSIGN_OR_RETURN(result.bias, ReadBias(conv.bias, conv.out_channels, tensors));
  return result;
}

Result<LayerWeights> ReadFullyConnectedWeights(const FullyConnected& layer, const TensorMap& tensors) {
  LayerWeights result;
  POSENET_ASSIGN_OR_RETURN(const TensorView* const tensor, Find(layer.weights, tensors));
  const std::int64_t inputs = tensor->shape.size() == 2 ? tensor->shape[0] : 1;
  POSENET_ASSIGN_OR_RETURN(result.weights, Read(layer.weights, {inputs, layer.out_channels}, tensors));
  POSENET_ASSIGN_OR_RETURN(result.bias, ReadBias(layer.bias, layer.out_channels, tensors));
  return result;
}

}  // namespace posenet::nn

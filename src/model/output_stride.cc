// SPDX-License-Identifier: Apache-2.0
#include "model/output_stride.h"

#include <algorithm>
#include <cstddef>
#include <variant>
#include <vector>

#include "base/error.h"
#include "model/dilation_repair.h"
#include "model/layer_window.h"
#include "model/native_network.h"

namespace posenet::model {
namespace {

constexpr int kNoCells = 0;          // The stride of a value for whole images, such as a global average.
constexpr int kMaxStride = 1 << 15;  // Far above any network's.

std::size_t ValueIndex(int value) { return static_cast<std::size_t>(value); }

Result<int> StrideOfResult(const nn::Layer& layer, const std::vector<int>& strides) {
  if (std::holds_alternative<nn::GlobalAveragePool>(layer.operation) ||
      std::holds_alternative<nn::FullyConnected>(layer.operation) ||
      std::holds_alternative<nn::Lstm>(layer.operation)) {
    return kNoCells;
  }
  const int first = strides[ValueIndex(layer.inputs.front())];
  for (const int input : layer.inputs) {
    const int other = strides[ValueIndex(input)];
    if (other != first) return UnsupportedLayer(layer, "joins values of output strides ", first, " and ", other);
  }
  if (const auto* upsample = std::get_if<nn::Upsample>(&layer.operation)) {
    if (first % upsample->factor == 0) return first / upsample->factor;
    return UnsupportedLayer(layer, "enlarges a value of output stride ", first, " ", upsample->factor, " times");
  }
  POSENET_ASSIGN_OR_RETURN(const int stride, StrideOf(layer));
  if (first > kMaxStride / stride) return UnsupportedLayer(layer, "has an output stride above ", kMaxStride);
  return first * stride;
}

// Input pixels per cell of every value.
Result<std::vector<int>> StridesOf(const nn::Network& network) {
  POSENET_RETURN_IF_ERROR(nn::InferChannels(network));  // Layers read earlier values only.
  std::vector<int> strides = {1};
  for (const nn::Layer& layer : network.layers) {
    POSENET_ASSIGN_OR_RETURN(const int stride, StrideOfResult(layer, strides));
    strides.push_back(stride);
  }
  return strides;
}

// Converts `layer`, which reads values of `native_stride`, to a network of output stride `wanted`.
Result<void> Dilate(nn::Layer& layer, int native_stride, int wanted) {
  nn::Window* const window = WindowOf(layer);
  if (window == nullptr) return {};
  if (native_stride < wanted) {
    const int next_stride = native_stride * window->stride_height;
    if (next_stride <= wanted) return {};
    return UnsupportedLayer(layer, "changes the output stride from ", native_stride, " to ", next_stride,
                            "; the network never has ", wanted);
  }
  window->stride_height = 1;
  window->stride_width = 1;
  const int rate = native_stride / wanted;
  POSENET_ASSIGN_OR_RETURN(const int dilation, DilationOf(layer));
  if (dilation == 0 || rate == 1) return {};
  if (std::holds_alternative<nn::Pool>(layer.operation)) {
    return UnsupportedLayer(layer, "would be a dilated pool at output stride ", wanted);
  }
  auto changed = ChangeDilation(*window, 1, rate);
  if (!changed) return base::FailIn(changed.error(), "layer ", base::Printable(layer.name));
  return {};
}

}  // namespace

Result<int> OutputStrideOf(const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> strides, StridesOf(network));
  const nn::Output& output = network.outputs.front();
  const int stride = strides[ValueIndex(output.value)];
  if (stride == kNoCells) {
    return base::Fail(ErrorCode::kUnsupported, "output ", base::Printable(output.name),
                      " is not a map: it has no output stride");
  }
  return stride;
}

Result<int> CoarsestStrideOf(const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> strides, StridesOf(network));
  return *std::max_element(strides.begin(), strides.end());
}

Result<nn::Network> WithOutputStride(const nn::Network& network, int output_stride) {
  if (output_stride < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "output stride ", output_stride, "; expected at least 1");
  }
  POSENET_ASSIGN_OR_RETURN(const int own_stride, OutputStrideOf(network));
  if (output_stride == own_stride) return network;
  if (nn::IsQuantized(network)) {
    return base::Fail(ErrorCode::kUnsupported, "output stride ", output_stride,
                      " is not possible: quantized networks run only at their own, ", own_stride);
  }
  const bool upsamples = std::any_of(network.layers.begin(), network.layers.end(), [](const nn::Layer& layer) {
    return std::holds_alternative<nn::Upsample>(layer.operation);
  });
  if (upsamples) {
    return base::Fail(ErrorCode::kUnsupported, "output stride ", output_stride,
                      " is not possible: networks that upsample run only at their own, ", own_stride);
  }
  POSENET_ASSIGN_OR_RETURN(const nn::Network even, WithRepairedDilation(network));
  POSENET_ASSIGN_OR_RETURN(nn::Network derived, NativeNetwork(even));
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> native_strides, StridesOf(derived));
  const int native_stride = native_strides[ValueIndex(derived.outputs.front().value)];
  if (native_stride < output_stride) {
    return base::Fail(ErrorCode::kUnsupported, "output stride ", output_stride,
                      " is not possible: this network stops at ", native_stride);
  }
  if (std::find(native_strides.begin(), native_strides.end(), kNoCells) != native_strides.end()) {
    return base::Fail(ErrorCode::kUnsupported, "output stride ", output_stride,
                      " is not possible: the network has layers over whole images, whose results would change");
  }
  for (nn::Layer& layer : derived.layers) {
    POSENET_RETURN_IF_ERROR(Dilate(layer, native_strides[ValueIndex(layer.inputs.front())], output_stride));
  }
  return derived;
}

}  // namespace posenet::model

// SPDX-License-Identifier: Apache-2.0
#include "quantize/layer_groups.h"

#include <utility>
#include <variant>

#include "nn/packing/storage.h"

namespace posenet::quantize {
namespace {

const nn::Conv2d* RectifiedConv(const nn::Layer& layer) {
  const auto* const conv = std::get_if<nn::Conv2d>(&layer.operation);
  if (conv == nullptr) return nullptr;
  return conv->activation == nn::Activation::kRelu || conv->activation == nn::Activation::kRelu6 ? conv : nullptr;
}

// The layers that read each value; none for values that are outputs.
std::vector<std::vector<std::size_t>> ReadersOf(const nn::Network& network, std::size_t value_count) {
  std::vector<std::vector<std::size_t>> readers(value_count);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    for (const int input : network.layers[i].inputs) readers[static_cast<std::size_t>(input)].push_back(i);
  }
  for (const nn::Output& output : network.outputs) readers[static_cast<std::size_t>(output.value)].clear();
  return readers;
}

}  // namespace

LayerGroups FindLayerGroups(const nn::Network& network, const std::vector<int>& channels) {
  LayerGroups result;
  const auto readers = ReadersOf(network, channels.size());
  for (std::size_t value = 1; value < channels.size(); ++value) {
    const nn::Conv2d* const writer = RectifiedConv(network.layers[value - 1]);
    if (writer == nullptr || readers[value].empty()) continue;
    LayerGroup group = {
        .value = static_cast<int>(value), .channels = channels[value], .activation = writer->activation, .layers = {}};
    bool all_can_be_quantized = true;
    for (const std::size_t reader : readers[value]) {
      const auto* const conv = std::get_if<nn::Conv2d>(&network.layers[reader].operation);
      if (conv != nullptr && nn::IsDepthwise(*conv, channels[value])) continue;
      all_can_be_quantized = all_can_be_quantized && conv != nullptr && nn::IsDotProduct(*conv, channels[value]);
      group.layers.push_back(reader);
    }
    if (!all_can_be_quantized) continue;
    if (group.layers.empty()) {
      result.depthwise_inputs.push_back({.value = group.value, .activation = group.activation});
    } else {
      result.groups.push_back(std::move(group));
    }
  }
  return result;
}

}  // namespace posenet::quantize

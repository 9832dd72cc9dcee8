// SPDX-License-Identifier: Apache-2.0
#include "quantize/layer_groups.h"

#include <utility>
#include <variant>

#include "nn/packing/storage.h"

namespace posenet::quantize {
namespace {

nn::Activation ActivationOf(const nn::Layer& layer) {
  if (const auto* conv = std::get_if<nn::Conv2d>(&layer.operation)) return conv->activation;
  if (const auto* add = std::get_if<nn::Add>(&layer.operation)) return add->activation;
  return nn::Activation::kNone;
}

// The layers that read each value.
std::vector<std::vector<std::size_t>> ReadersOf(const nn::Network& network, std::size_t value_count) {
  std::vector<std::vector<std::size_t>> readers(value_count);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    for (const int input : network.layers[i].inputs) readers[static_cast<std::size_t>(input)].push_back(i);
  }
  return readers;
}

}  // namespace

LayerGroups FindLayerGroups(const nn::Network& network, const std::vector<int>& channels) {
  LayerGroups result;
  const auto readers = ReadersOf(network, channels.size());
  std::vector<bool> is_output(channels.size());
  for (const nn::Output& output : network.outputs) is_output[static_cast<std::size_t>(output.value)] = true;
  for (std::size_t value = 1; value < channels.size(); ++value) {
    const nn::Layer& writer = network.layers[value - 1];
    const bool is_conv = std::holds_alternative<nn::Conv2d>(writer.operation);
    LayerGroup group = {.value = static_cast<int>(value),
                        .channels = channels[value],
                        .activation = ActivationOf(writer),
                        .has_integers = is_conv || std::holds_alternative<nn::Add>(writer.operation),
                        .layers = {}};
    std::size_t depthwise_readers = 0;
    for (const std::size_t reader : readers[value]) {
      const auto* const conv = std::get_if<nn::Conv2d>(&network.layers[reader].operation);
      if (conv == nullptr) continue;
      if (nn::IsDepthwise(*conv, channels[value])) ++depthwise_readers;
      if (nn::IsDotProduct(*conv, channels[value])) group.layers.push_back(reader);
    }
    if (!group.layers.empty()) {
      result.groups.push_back(std::move(group));
    } else if (is_conv && nn::IsRectifier(group.activation) && !is_output[value] && depthwise_readers > 0 &&
               depthwise_readers == readers[value].size()) {
      result.depthwise_inputs.push_back({.value = group.value, .activation = group.activation});
    }
  }
  return result;
}

}  // namespace posenet::quantize

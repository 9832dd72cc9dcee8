// SPDX-License-Identifier: Apache-2.0
#include "camera/dropout_split.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "camera/camera_spec.h"

namespace posenet::camera {
namespace {

// Whether each value (layers.size() + 1 of them) depends on dropout.
std::vector<bool> DependOnDropout(const nn::Network& network) {
  std::vector<bool> depend = {false};
  for (const nn::Layer& layer : network.layers) {
    depend.push_back(
        std::holds_alternative<nn::Dropout>(layer.operation) ||
        std::ranges::any_of(layer.inputs, [&](int value) -> bool { return depend[static_cast<std::size_t>(value)]; }));
  }
  return depend;
}

bool OutputDepends(const nn::Network& network, const std::vector<bool>& depend, std::string_view name) {
  return std::ranges::any_of(network.outputs, [&](const nn::Output& output) -> bool {
    return output.name == name && depend[static_cast<std::size_t>(output.value)];
  });
}

// The one value without dropout that layers with dropout read; nothing if there are several, or if it is the network's
// input.
std::optional<int> CutValue(const nn::Network& network, const std::vector<bool>& depend) {
  std::optional<int> cut;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!depend[i + 1]) continue;
    for (const int value : network.layers[i].inputs) {
      if (depend[static_cast<std::size_t>(value)]) continue;
      if (value == 0 || (cut && *cut != value)) return std::nullopt;
      cut = value;
    }
  }
  return cut;
}

// The layers and outputs that depend on dropout, or those that do not, renumbered.
nn::Network PartOf(const nn::Network& network, const std::vector<bool>& depend, bool wanted, std::vector<int> numbers,
                   int input_channels) {
  nn::Network part = {.input_channels = input_channels, .layers = {}, .outputs = {}};
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (depend[i + 1] != wanted) continue;
    nn::Layer layer = network.layers[i];
    for (int& value : layer.inputs) value = numbers[static_cast<std::size_t>(value)];
    part.layers.push_back(std::move(layer));
    numbers[i + 1] = static_cast<int>(part.layers.size());
  }
  for (const nn::Output& output : network.outputs) {
    const auto value = static_cast<std::size_t>(output.value);
    if (depend[value] == wanted) part.outputs.push_back({.name = output.name, .value = numbers[value]});
  }
  return part;
}

}  // namespace

bool SamplesPoses(const nn::Network& network) {
  const std::vector<bool> depend = DependOnDropout(network);
  return OutputDepends(network, depend, kPositionOutput) && OutputDepends(network, depend, kRotationOutput);
}

std::optional<DropoutSplit> SplitAtDropout(const nn::Network& network) {
  const std::vector<bool> depend = DependOnDropout(network);
  const bool all_poses =
      OutputDepends(network, depend, kPositionOutput) && OutputDepends(network, depend, kRotationOutput);
  if (!all_poses || OutputDepends(network, depend, kFeaturesOutput)) return std::nullopt;
  const std::optional<int> cut = CutValue(network, depend);
  const Result<std::vector<int>> channels = nn::InferChannels(network);
  if (!cut || !channels.has_value()) return std::nullopt;

  std::vector<int> numbers(depend.size(), 0);
  DropoutSplit split = {.head = PartOf(network, depend, false, numbers, network.input_channels),
                        .tail = PartOf(network, depend, true, numbers, (*channels)[static_cast<std::size_t>(*cut)])};
  // In the head, the number of `cut` is that of the layers before it that the head has.
  const auto before = std::count(depend.begin() + 1, depend.begin() + 1 + *cut, false);
  split.head.outputs.push_back({.name = kCutOutput, .value = static_cast<int>(before)});
  return split;
}

}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
#include "model/dilation_repair.h"

#include <algorithm>

#include "model/layer_window.h"

namespace posenet::model {
namespace {

bool IsLopsided(const nn::Layer& layer) {
  const nn::Window* window = WindowOf(layer);
  return window != nullptr && window->kernel_height > 1 && window->kernel_height == window->kernel_width &&
         window->dilation_height != window->dilation_width;
}

}  // namespace

std::vector<std::string> LopsidedLayers(const nn::Network& network) {
  std::vector<std::string> names;
  for (const nn::Layer& layer : network.layers) {
    if (IsLopsided(layer)) names.push_back(layer.name);
  }
  return names;
}

Result<nn::Network> WithRepairedDilation(const nn::Network& network) {
  nn::Network repaired = network;
  for (nn::Layer& layer : repaired.layers) {
    if (!IsLopsided(layer)) continue;
    nn::Window& window = *WindowOf(layer);
    if (window.padding.mode == nn::PaddingMode::kExplicit) {
      return UnsupportedLayer(layer, "is dilated by ", window.dilation_height, " rows and ", window.dilation_width,
                              " columns with explicit padding; expected SAME or VALID padding");
    }
    window.dilation_height = window.dilation_width = std::max(window.dilation_height, window.dilation_width);
  }
  return repaired;
}

}  // namespace posenet::model

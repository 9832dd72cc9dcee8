// SPDX-License-Identifier: Apache-2.0
// The layers of a network that can be quantized.
#ifndef POSENET_QUANTIZE_LAYER_GROUPS_H_
#define POSENET_QUANTIZE_LAYER_GROUPS_H_

#include <cstddef>
#include <vector>

#include "nn/graph/network.h"

namespace posenet::quantize {

/// A value and the pointwise convolutions that read it, which share the units of its channels.
struct LayerGroup {
  int value = 0;
  int channels = 0;  // Of the value.
  nn::Activation activation = nn::Activation::kNone;
  bool has_integers = false;  // Whether the value can have scales: whether int8 weights can multiply it.
  std::vector<std::size_t> layers;
};

/// A value that only depthwise layers read.
struct DepthwiseInput {
  int value = 0;
  nn::Activation activation = nn::Activation::kNone;
};

struct LayerGroups {
  std::vector<LayerGroup> groups;  // In running order.
  std::vector<DepthwiseInput> depthwise_inputs;
};

/// Groups the pointwise convolutions by the values that they read, and finds the rectified results of convolutions that
/// only depthwise convolutions read and that are no outputs. `channels` is the result of nn::InferChannels.
LayerGroups FindLayerGroups(const nn::Network& network, const std::vector<int>& channels);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_LAYER_GROUPS_H_

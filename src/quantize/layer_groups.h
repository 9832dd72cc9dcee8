// SPDX-License-Identifier: Apache-2.0
// Which layers of a network can become products of few bits.
#ifndef POSENET_QUANTIZE_LAYER_GROUPS_H_
#define POSENET_QUANTIZE_LAYER_GROUPS_H_

#include <cstddef>
#include <vector>

#include "nn/graph/network.h"

namespace posenet::quantize {

/// A value that products read, and these products: they share the units of its channels.
struct LayerGroup {
  int value = 0;
  int channels = 0;  // Of the value.
  nn::Activation activation = nn::Activation::kNone;
  std::vector<std::size_t> layers;
};

/// A value that depthwise layers alone read.
struct WholeValue {
  int value = 0;
  nn::Activation activation = nn::Activation::kNone;
};

struct LayerGroups {
  std::vector<LayerGroup> groups;  // In running order.
  std::vector<WholeValue> whole_values;
};

/// Rectified results of convolutions that are read by pointwise and depthwise convolutions only and are no outputs.
/// `channels` as InferChannels answers them.
LayerGroups FindLayerGroups(const nn::Network& network, const std::vector<int>& channels);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_LAYER_GROUPS_H_

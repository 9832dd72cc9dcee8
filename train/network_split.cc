// SPDX-License-Identifier: Apache-2.0
#include "train/network_split.h"

#include <algorithm>
#include <cstddef>
#include <variant>
#include <vector>

#include "train/failure.h"

namespace posenet::train {
namespace {

bool IsConvolution(const nn::Layer& layer) { return std::holds_alternative<nn::Conv2d>(layer.operation); }

// Whether all layers after value `value`, and the outputs, read only it and later values.
bool IsCut(const nn::Network& network, int value) {
  for (std::size_t i = static_cast<std::size_t>(value); i < network.layers.size(); ++i) {
    if (std::ranges::any_of(network.layers[i].inputs, [&](int input) { return input < value; })) return false;
  }
  return std::ranges::all_of(network.outputs, [&](const nn::Output& output) { return output.value > value; });
}

}  // namespace

int ConvolutionCount(const nn::Network& network) {
  return static_cast<int>(std::ranges::count_if(network.layers, IsConvolution));
}

SplitNetwork SplitAfterConvolutions(const nn::Network& network, int frozen_count) {
  int convolutions = 0;
  int cut = 0;
  while (convolutions < frozen_count || !IsCut(network, cut)) {
    if (cut + 1 >= static_cast<int>(network.layers.size())) {
      throw Failure(ErrorCode::kInvalidArgument, "cannot freeze ", frozen_count, " convolutions: the network has ",
                    ConvolutionCount(network), " and cannot be split after that many");
    }
    if (IsConvolution(network.layers[static_cast<std::size_t>(cut)])) ++convolutions;
    ++cut;
  }
  SplitNetwork split;
  split.stem.input_channels = network.input_channels;
  split.stem.layers.assign(network.layers.begin(), network.layers.begin() + cut);
  if (cut > 0) split.stem.outputs = {{.name = kStemOutput, .value = cut}};
  split.rest.input_channels = ValueOf(nn::InferChannels(network))[static_cast<std::size_t>(cut)];
  split.rest.layers.assign(network.layers.begin() + cut, network.layers.end());
  split.rest.outputs = network.outputs;
  for (nn::Layer& layer : split.rest.layers) {
    for (int& input : layer.inputs) input -= cut;
  }
  for (nn::Output& output : split.rest.outputs) output.value -= cut;
  return split;
}

}  // namespace posenet::train

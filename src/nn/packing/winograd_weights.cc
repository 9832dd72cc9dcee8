// SPDX-License-Identifier: Apache-2.0
#include "nn/packing/winograd_weights.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace posenet::nn {
namespace {

constexpr int kMinChannels = 16;
constexpr int kMaxChannelPairs = 64 * 1024;

// G, applied to three weights.
std::array<float, 4> TransformColumn(float above, float middle, float below) {
  return {above, 0.5F * (above + middle + below), 0.5F * (above - middle + below), below};
}

// G g G^T for the nine weights of one pair of channels, which are `step` apart.
std::array<float, kWinogradCells> TransformWindow(const float* weights, std::size_t step) {
  std::array<std::array<float, 4>, 3> columns = {};
  for (std::size_t x = 0; x < 3; ++x) {
    columns[x] = TransformColumn(weights[x * step], weights[(3 + x) * step], weights[(6 + x) * step]);
  }
  std::array<float, kWinogradCells> cells = {};
  for (std::size_t y = 0; y < 4; ++y) {
    const std::array<float, 4> row = TransformColumn(columns[0][y], columns[1][y], columns[2][y]);
    for (std::size_t x = 0; x < 4; ++x) cells[4 * y + x] = row[x];
  }
  return cells;
}

}  // namespace

bool SuitsWinograd(const Conv2d& conv, int in_channels) {
  Window window;
  window.kernel_height = window.kernel_width = 3;
  window.padding = conv.window.padding;
  return conv.window == window && conv.groups == 1 && conv.activation != Activation::kSigmoid &&
         in_channels >= kMinChannels && conv.out_channels >= kMinChannels &&
         std::int64_t{in_channels} * conv.out_channels <= kMaxChannelPairs;
}

LayerWeights TransformForWinograd(const LayerWeights& layer, int in_channels) {
  const auto inputs = static_cast<std::size_t>(in_channels);
  const std::size_t outputs = layer.bias.size();
  LayerWeights transformed;
  transformed.weights.resize(inputs * kWinogradCells * outputs);
  transformed.bias.resize(kWinogradCells * outputs);
  constexpr std::size_t kCellOfBias = 5;
  for (std::size_t output = 0; output < outputs; ++output) {
    transformed.bias[kCellOfBias * outputs + output] = layer.bias[output];
    for (std::size_t input = 0; input < inputs; ++input) {
      const auto cells = TransformWindow(&layer.weights[input * outputs + output], inputs * outputs);
      for (std::size_t cell = 0; cell < kWinogradCells; ++cell) {
        transformed.weights[(input * kWinogradCells + cell) * outputs + output] = cells[cell];
      }
    }
  }
  return transformed;
}

}  // namespace posenet::nn

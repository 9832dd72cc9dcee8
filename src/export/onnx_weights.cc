// SPDX-License-Identifier: Apache-2.0
#include "export/onnx_weights.h"

#include <algorithm>
#include <cstddef>

namespace posenet::exporter {

std::vector<float> ToOihw(std::span<const float> weights_hwio, const std::vector<std::int64_t>& shape) {
  const auto cells = static_cast<std::size_t>(shape[0] * shape[1]);
  const auto inputs = static_cast<std::size_t>(shape[2]);
  const auto outputs = static_cast<std::size_t>(shape[3]);
  std::vector<float> weights_oihw(weights_hwio.size());
  for (std::size_t cell = 0; cell < cells; ++cell) {
    for (std::size_t i = 0; i < inputs; ++i) {
      for (std::size_t o = 0; o < outputs; ++o) {
        weights_oihw[(o * inputs + i) * cells + cell] = weights_hwio[(cell * inputs + i) * outputs + o];
      }
    }
  }
  return weights_oihw;
}

std::vector<float> ToNchwRows(std::span<const float> weights, const nn::Shape& input) {
  const std::size_t cells = static_cast<std::size_t>(input.height) * static_cast<std::size_t>(input.width);
  const auto channels = static_cast<std::size_t>(input.channels);
  const std::size_t outputs = weights.size() / (cells * channels);
  std::vector<float> reordered(weights.size());
  for (std::size_t cell = 0; cell < cells; ++cell) {
    for (std::size_t c = 0; c < channels; ++c) {
      const auto row = weights.subspan((cell * channels + c) * outputs, outputs);
      std::copy(row.begin(), row.end(), reordered.begin() + static_cast<std::ptrdiff_t>((c * cells + cell) * outputs));
    }
  }
  return reordered;
}

std::vector<float> ToOnnxGates(std::span<const float> weights, std::int64_t inputs) {
  constexpr std::size_t kOrder[] = {0, 3, 1, 2};
  const auto depth = static_cast<std::size_t>(inputs);
  const std::size_t gates = weights.size() / depth;
  const std::size_t hidden = gates / 4;
  std::vector<float> reordered;
  reordered.reserve(weights.size());
  for (const std::size_t gate : kOrder) {
    for (std::size_t unit = 0; unit < hidden; ++unit) {
      for (std::size_t i = 0; i < depth; ++i) reordered.push_back(weights[i * gates + gate * hidden + unit]);
    }
  }
  return reordered;
}

}  // namespace posenet::exporter

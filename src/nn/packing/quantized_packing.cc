// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/error.h"
#include "nn/packing/packing.h"

namespace posenet::nn {
namespace {

int RoundUp(int count, int unit) { return (count + unit - 1) / unit * unit; }

}  // namespace

Result<PackedLayer> PackQuantizedConv(const QuantizedConv2d& conv, const Quantization& input, int in_channels,
                                      const TensorMap& tensors) {
  POSENET_ASSIGN_OR_RETURN(QuantizedConvNumbers numbers, ReadQuantizedConv(conv, input, in_channels, tensors));
  const int rows = static_cast<int>(numbers.weights.size()) / conv.out_channels;
  PackedQuantized packed;
  packed.is_depthwise = conv.groups > 1;
  packed.depth = packed.is_depthwise ? rows : RoundUp(rows, kQuantizedDepthUnit);
  packed.columns = packed.is_depthwise ? conv.out_channels : RoundUp(conv.out_channels, kQuantizedColumnUnit);
  packed.input_zero_point = numbers.input_zero_point;
  packed.requantization = numbers.requantization;
  packed.bias = std::move(numbers.bias);
  packed.bias.resize(static_cast<std::size_t>(packed.columns));

  const auto depth = static_cast<std::size_t>(packed.depth);
  const auto channels = static_cast<std::size_t>(conv.out_channels);
  const std::size_t count = depth * static_cast<std::size_t>(packed.columns);
  packed.weights = MakeAlignedBuffer<std::int16_t>(count);
  if (packed.weights == nullptr)
    return base::Fail(ErrorCode::kResourceExhausted, "not enough memory for the packed weights");
  if (packed.is_depthwise) {
    std::copy(numbers.weights.begin(), numbers.weights.end(), packed.weights.get());
    return packed;
  }
  std::fill_n(packed.weights.get(), count, std::int16_t{0});
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) {
    for (std::size_t column = 0; column < channels; ++column) {
      packed.weights.get()[column * depth + row] = numbers.weights[row * channels + column];
    }
  }
  return packed;
}

}  // namespace posenet::nn

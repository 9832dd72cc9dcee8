// SPDX-License-Identifier: Apache-2.0
#include "nn/testing/quantized_reference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace posenet::nn {
namespace {

std::size_t FlatIndex(const Shape& shape, int batch, int y, int x, int channel) {
  return static_cast<std::size_t>(((std::int64_t{batch} * shape.height + y) * shape.width + x) * shape.channels +
                                  channel);
}

// The sum of one result over the taps that lie on the input: the padding holds the zero point and adds nothing.
std::int32_t SumAt(const QuantizedConv2d& conv, const QuantizedConvNumbers& numbers, const ReferenceTensor& input,
                   int batch, int out_y, int out_x, int channel) {
  const Window& window = conv.window;
  const Shape& shape = input.shape;
  const Padding padding = ResolvePadding(window, shape.height, shape.width);
  const int group_inputs = shape.channels / conv.groups;
  const int first_input = channel / (conv.out_channels / conv.groups) * group_inputs;
  std::int32_t sum = 0;
  for (int tap_y = 0; tap_y < window.kernel_height; ++tap_y) {
    for (int tap_x = 0; tap_x < window.kernel_width; ++tap_x) {
      const int y = out_y * window.stride_height - padding.top + tap_y * window.dilation_height;
      const int x = out_x * window.stride_width - padding.left + tap_x * window.dilation_width;
      if (y < 0 || y >= shape.height || x < 0 || x >= shape.width) continue;
      for (int i = 0; i < group_inputs; ++i) {
        const auto value = static_cast<std::int32_t>(input.values[FlatIndex(shape, batch, y, x, first_input + i)]);
        const std::ptrdiff_t row = (std::ptrdiff_t{tap_y} * window.kernel_width + tap_x) * group_inputs + i;
        const std::int32_t weight = numbers.weights[static_cast<std::size_t>(row * conv.out_channels + channel)];
        sum += (value - numbers.input_zero_point) * weight;
      }
    }
  }
  return sum;
}

}  // namespace

ReferenceTensor ReferenceQuantize(const Quantize& quantize, const ReferenceTensor& input) {
  ReferenceTensor output = input;
  for (float& value : output.values) {
    const double rounded = std::round(double{value / quantize.output.scale}) + quantize.output.zero_point;
    value = static_cast<float>(std::clamp(rounded, 0.0, 255.0));
  }
  return output;
}

ReferenceTensor ReferenceQuantizedConv2d(const QuantizedConv2d& conv, const QuantizedConvNumbers& numbers,
                                         const ReferenceTensor& input) {
  const Padding padding = ResolvePadding(conv.window, input.shape.height, input.shape.width);
  const int extent_y = (conv.window.kernel_height - 1) * conv.window.dilation_height + 1;
  const int extent_x = (conv.window.kernel_width - 1) * conv.window.dilation_width + 1;
  ReferenceTensor output;
  output.shape = {
      .batch = input.shape.batch,
      .height = (input.shape.height + padding.top + padding.bottom - extent_y) / conv.window.stride_height + 1,
      .width = (input.shape.width + padding.left + padding.right - extent_x) / conv.window.stride_width + 1,
      .channels = conv.out_channels};
  const Requantization& requantization = numbers.requantization;
  for (int batch = 0; batch < output.shape.batch; ++batch) {
    for (int y = 0; y < output.shape.height; ++y) {
      for (int x = 0; x < output.shape.width; ++x) {
        for (int channel = 0; channel < output.shape.channels; ++channel) {
          const std::int32_t sum =
              SumAt(conv, numbers, input, batch, y, x, channel) + numbers.bias[static_cast<std::size_t>(channel)];
          const std::int64_t result =
              std::int64_t{Multiply(sum, requantization.multiplier)} + requantization.zero_point;
          output.values.push_back(
              static_cast<float>(std::clamp<std::int64_t>(result, requantization.min, requantization.max)));
        }
      }
    }
  }
  return output;
}

ReferenceTensor ReferenceQuantizedConcat(const QuantizedConcat& concat, std::span<const ReferenceTensor* const> inputs,
                                         std::span<const Quantization> quantizations) {
  std::vector<ReferenceTensor> converted;
  converted.reserve(inputs.size());
  std::vector<const ReferenceTensor*> pointers;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    converted.push_back(*inputs[i]);
    for (float& value : converted.back().values) {
      value = static_cast<float>(ConvertQuantized(static_cast<int>(value), quantizations[i], concat.output));
    }
    pointers.push_back(&converted.back());
  }
  return ReferenceConcat(pointers);
}

ReferenceTensor ReferenceDequantize(const ReferenceTensor& input, const Quantization& quantization) {
  ReferenceTensor output = input;
  for (float& value : output.values) value = DequantizedValue(static_cast<int>(value), quantization);
  return output;
}

}  // namespace posenet::nn

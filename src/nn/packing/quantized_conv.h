// SPDX-License-Identifier: Apache-2.0
// The tensors of a quantized convolution, checked, and the arithmetic of quantized values.
#ifndef POSENET_NN_PACKING_QUANTIZED_CONV_H_
#define POSENET_NN_PACKING_QUANTIZED_CONV_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "nn/graph/fixed_point.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::nn {

/// The conversion of a sum to uint8: Multiply(sum, multiplier) + zero_point, clamped to [min, max].
struct Requantization {
  FixedPointMultiplier multiplier;
  std::int32_t zero_point = 0;
  std::int32_t min = 0;
  std::int32_t max = 255;
};

struct QuantizedConvNumbers {
  std::vector<std::int16_t> weights;  // Minus their zero point; [kernel_height, kernel_width, in / groups, out].
  std::vector<std::int32_t> bias;     // One for each output channel; zeros if the layer has none.
  int input_zero_point = 0;
  Requantization requantization;
};

/// Reads the tensors of `conv`, whose input has `in_channels` channels.
/// Errors: kCorruptData naming the tensor: missing, of another shape or type, or with a zero point out of its type's
/// range; also for scales whose ratio fixed point cannot represent, and for so many weights or so large a bias that
/// sums might not fit int32.
Result<QuantizedConvNumbers> ReadQuantizedConv(const QuantizedConv2d& conv, const Quantization& input, int in_channels,
                                               const TensorMap& tensors);

/// `value` of quantization `input`, requantized to `output` as TensorFlow Lite's concatenation does.
int ConvertQuantized(int value, const Quantization& input, const Quantization& output);

/// The number that `value` of quantization `input` stands for.
inline float DequantizedValue(int value, const Quantization& input) {
  return static_cast<float>(double{input.scale} * (value - input.zero_point));
}

/// The quantized value nearest to `number`; 0 for NaN.
inline int QuantizedValue(float number, const Quantization& output) {
  // More than 255 steps on either side, and small enough for an int.
  constexpr float kLimit = 1024.0F;
  const float steps = number / output.scale;
  const float bounded = steps > -kLimit ? std::min(steps, kLimit) : -kLimit;
  // std::round(bounded), which compilers turn into a call for baseline CPUs.
  const auto whole = static_cast<int>(bounded);
  const float rest = bounded - static_cast<float>(whole);
  const int rounded = whole + (rest >= 0.5F ? 1 : 0) - (rest <= -0.5F ? 1 : 0);
  return std::clamp(rounded + output.zero_point, 0, 255);
}

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_QUANTIZED_CONV_H_

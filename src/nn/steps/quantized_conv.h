// SPDX-License-Identifier: Apache-2.0
// A quantized convolution with everything that its arithmetic takes, checked.
#ifndef POSENET_NN_STEPS_QUANTIZED_CONV_H_
#define POSENET_NN_STEPS_QUANTIZED_CONV_H_

#include <cstdint>
#include <vector>

#include "nn/graph/fixed_point.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::nn {

/// From sums to whole numbers: Multiply(sum, multiplier) + zero_point, clamped to [min, max].
struct Requantization {
  FixedPointMultiplier multiplier;
  std::int32_t zero_point = 0;
  std::int32_t min = 0;
  std::int32_t max = 255;
};

struct QuantizedConvNumbers {
  std::vector<std::int16_t> weights;  // Less their zero point; [kernel_height, kernel_width, in / groups, out].
  std::vector<std::int32_t> bias;     // One for each output channel, zeros when the layer has none.
  int input_zero_point = 0;
  Requantization requantization;
};

/// Reads the tensors of `conv`, whose input has `in_channels` channels.
/// Errors: kCorruptData naming the tensor: missing, of another shape or type, a zero point out of its type's range; for
/// scales whose ratio is beyond fixed point, and for weights so many or a bias so large that sums might not fit int32.
Result<QuantizedConvNumbers> ReadQuantizedConv(const QuantizedConv2d& conv, const Quantization& input, int in_channels,
                                               const TensorMap& tensors);

/// What TFLite's concatenation makes of number `value` of `input` in an output of another quantization.
int ConvertQuantized(int value, const Quantization& input, const Quantization& output);

/// What `value` of `input` stands for.
inline float DequantizedValue(int value, const Quantization& input) {
  return static_cast<float>(double{input.scale} * (value - input.zero_point));
}

/// The whole number that stands for `number`; the least for what is no number.
inline int QuantizedValue(float number, const Quantization& output) {
  // Far beyond 255 steps on either side, so that the sum fits an int.
  constexpr float kLimit = 1024.0F;
  const float steps = number / output.scale;
  const float bounded = steps > -kLimit ? std::min(steps, kLimit) : -kLimit;
  // std::round is a call on CPUs of any age; this is the same.
  const auto whole = static_cast<int>(bounded);
  const float rest = bounded - static_cast<float>(whole);
  const int rounded = whole + (rest >= 0.5F ? 1 : 0) - (rest <= -0.5F ? 1 : 0);
  return std::clamp(rounded + output.zero_point, 0, 255);
}

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_QUANTIZED_CONV_H_

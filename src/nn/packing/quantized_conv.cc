// SPDX-License-Identifier: Apache-2.0
#include "nn/packing/quantized_conv.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

#include "base/error.h"

namespace posenet::nn {
namespace {

constexpr std::int64_t kMaxInt32 = std::numeric_limits<std::int32_t>::max();
// The largest magnitude of a quantized value minus its zero point.
constexpr std::int64_t kMaxDifference = 255;

Result<const TensorView*> FindIntegers(const std::string& name, const std::vector<std::int64_t>& shape,
                                       const TensorMap& tensors) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(name), " is missing");
  }
  const TensorView& tensor = found->second;
  const auto bytes = static_cast<std::int64_t>(tensor.bytes.size());
  const auto element_bytes = static_cast<std::int64_t>(SizeOf(tensor.dtype));
  if (tensor.shape != shape || bytes % element_bytes != 0 || bytes / element_bytes != tensor.ElementCount()) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(name),
                      " does not have the shape that its layer reads");
  }
  return &tensor;
}

Result<std::vector<std::int16_t>> ReadQuantizedWeights(const QuantizedConv2d& conv, int in_channels,
                                                       const TensorMap& tensors) {
  POSENET_ASSIGN_OR_RETURN(
      const TensorView* const tensor,
      FindIntegers(conv.weights,
                   {conv.window.kernel_height, conv.window.kernel_width, in_channels / conv.groups, conv.out_channels},
                   tensors));
  const bool is_signed = tensor->dtype == DType::kInt8;
  if (!is_signed && tensor->dtype != DType::kUint8) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(conv.weights),
                      " has elements of another type; expected uint8 or int8");
  }
  const int min = is_signed ? -128 : 0;
  if (conv.weight_zero_point < min || conv.weight_zero_point > min + 255) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(conv.weights), " has the zero point ",
                      conv.weight_zero_point, "; expected ", min, " to ", min + 255);
  }
  std::vector<std::int16_t> weights(tensor->bytes.size());
  std::transform(tensor->bytes.begin(), tensor->bytes.end(), weights.begin(), [&](std::byte byte) {
    const int weight = is_signed ? int{static_cast<std::int8_t>(byte)} : std::to_integer<int>(byte);
    return static_cast<std::int16_t>(weight - conv.weight_zero_point);
  });
  return weights;
}

Result<std::vector<std::int32_t>> ReadQuantizedBias(const QuantizedConv2d& conv, const TensorMap& tensors) {
  std::vector<std::int32_t> bias(static_cast<std::size_t>(conv.out_channels));
  if (conv.bias.empty()) return bias;
  POSENET_ASSIGN_OR_RETURN(const TensorView* const tensor, FindIntegers(conv.bias, {conv.out_channels}, tensors));
  if (tensor->dtype != DType::kInt32) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(conv.bias),
                      " has elements of another type; expected int32");
  }
  std::memcpy(bias.data(), tensor->bytes.data(), tensor->bytes.size());
  return bias;
}

// Source: TensorFlow Lite, kernels/kernel_util.cc: GetQuantizedConvolutionMultipler [sic] (the product is computed in
// float) and CalculateActivationRangeQuantized.
Result<Requantization> RequantizationOf(const QuantizedConv2d& conv, const Quantization& input) {
  const float product_scale = input.scale * conv.weight_scale;
  const double multiplier = double{product_scale} / double{conv.output.scale};
  if (!(multiplier < kMaxFixedPointMultiplier)) {
    return base::Fail(ErrorCode::kCorruptData, "scales of ", input.scale, " (input), ", conv.weight_scale,
                      " (weights) and ", conv.output.scale, " (output), whose ratio is too large for fixed point");
  }
  Requantization result = {.multiplier = ToFixedPoint(multiplier), .zero_point = conv.output.zero_point};
  if (conv.activation == Activation::kRelu || conv.activation == Activation::kRelu6) result.min = result.zero_point;
  if (conv.activation == Activation::kRelu6) {
    const double steps = std::round(double{6.0F / conv.output.scale});
    result.max = static_cast<std::int32_t>(std::min(steps + result.zero_point, 255.0));
  }
  return result;
}

}  // namespace

Result<QuantizedConvNumbers> ReadQuantizedConv(const QuantizedConv2d& conv, const Quantization& input, int in_channels,
                                               const TensorMap& tensors) {
  QuantizedConvNumbers numbers;
  POSENET_ASSIGN_OR_RETURN(numbers.weights, ReadQuantizedWeights(conv, in_channels, tensors));
  POSENET_ASSIGN_OR_RETURN(numbers.bias, ReadQuantizedBias(conv, tensors));
  POSENET_ASSIGN_OR_RETURN(numbers.requantization, RequantizationOf(conv, input));
  numbers.input_zero_point = input.zero_point;
  std::int64_t largest_bias = 0;
  for (const std::int32_t bias : numbers.bias) largest_bias = std::max(largest_bias, std::abs(std::int64_t{bias}));
  const auto terms = static_cast<std::int64_t>(numbers.weights.size()) / conv.out_channels;
  if (terms > (kMaxInt32 - largest_bias) / (kMaxDifference * kMaxDifference)) {
    return base::Fail(ErrorCode::kCorruptData, "sums of ", terms, " products and a bias of up to ", largest_bias,
                      " may not fit 32 bits");
  }
  return numbers;
}

// Source: TensorFlow Lite, reference_ops::ConcatenationWithScaling.
int ConvertQuantized(int value, const Quantization& input, const Quantization& output) {
  if (input == output) return value;
  const float scale = input.scale * (1.0F / output.scale);
  const float bias = static_cast<float>(-input.zero_point) * scale;
  const double rounded = std::round(double{static_cast<float>(value) * scale + bias}) + output.zero_point;
  // NaN, from a scale that overflowed, becomes 0.
  return rounded > 0.0 ? static_cast<int>(std::min(rounded, 255.0)) : 0;
}

}  // namespace posenet::nn

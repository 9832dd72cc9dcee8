// SPDX-License-Identifier: Apache-2.0
// Multiplication by a real number in integer arithmetic, as in TensorFlow Lite's uint8 reference kernels: with two
// roundings, first of the product's upper half, then of the shift. (Built with TFLITE_SINGLE_ROUNDING, TensorFlow Lite
// rounds once; that is not the default.)
// Source: gemmlowp, fixedpoint.h; TensorFlow Lite, kernels/internal/{common.h,quantization_util.cc}.
#ifndef POSENET_NN_GRAPH_FIXED_POINT_H_
#define POSENET_NN_GRAPH_FIXED_POINT_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace posenet::nn {

/// The upper half of 2ab, rounded to nearest, halves up; saturated in the one case that overflows.
constexpr std::int32_t SaturatingRoundingDoublingHighMul(std::int32_t a, std::int32_t b) {
  constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
  if (a == kMin && b == kMin) return std::numeric_limits<std::int32_t>::max();
  const std::int64_t product = std::int64_t{a} * b;
  const std::int64_t nudge = product >= 0 ? std::int64_t{1} << 30 : 1 - (std::int64_t{1} << 30);
  return static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
}

/// x / 2^exponent, rounded to nearest, halves away from zero; `exponent` from 0 to 31.
constexpr std::int32_t RoundingDivideByPowerOfTwo(std::int32_t x, int exponent) {
  const std::int64_t mask = (std::int64_t{1} << exponent) - 1;
  const std::int64_t remainder = x & mask;
  const std::int64_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return static_cast<std::int32_t>((std::int64_t{x} >> exponent) + (remainder > threshold ? 1 : 0));
}

/// mantissa * 2^(exponent - 31).
struct FixedPointMultiplier {
  std::int32_t mantissa = 0;  // 2^30 to 2^31 - 1, or 0.
  int exponent = 0;           // -31 to 30.
};

/// The first multiplier that cannot be represented: a left shift by 31 bits leaves nothing of an int32.
inline constexpr double kMaxFixedPointMultiplier = 0x1p30;

/// The fixed-point number nearest to `multiplier`, which must be at least 0 and less than kMaxFixedPointMultiplier; 0
/// for multipliers below 2^-32. Source: QuantizeMultiplier.
inline FixedPointMultiplier ToFixedPoint(double multiplier) {
  if (multiplier == 0.0) return {};
  FixedPointMultiplier result;
  const double fraction = std::frexp(multiplier, &result.exponent);
  auto mantissa = static_cast<std::int64_t>(std::round(fraction * 0x1p31));
  if (mantissa == std::int64_t{1} << 31) {
    mantissa /= 2;
    ++result.exponent;
  }
  if (result.exponent < -31) return {};
  result.mantissa = static_cast<std::int32_t>(mantissa);
  return result;
}

/// x * multiplier. The left shift of `x` saturates where TensorFlow Lite's would overflow.
/// Source: MultiplyByQuantizedMultiplier.
constexpr std::int32_t Multiply(std::int32_t x, const FixedPointMultiplier& multiplier) {
  constexpr std::int64_t kMin = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  const int left = std::max(multiplier.exponent, 0);
  const int right = std::max(-multiplier.exponent, 0);
  const auto shifted = static_cast<std::int32_t>(std::clamp(std::int64_t{x} * (std::int64_t{1} << left), kMin, kMax));
  return RoundingDivideByPowerOfTwo(SaturatingRoundingDoublingHighMul(shifted, multiplier.mantissa), right);
}

}  // namespace posenet::nn

#endif  // POSENET_NN_GRAPH_FIXED_POINT_H_

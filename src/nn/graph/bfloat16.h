// SPDX-License-Identifier: Apache-2.0
// bfloat16, the upper half of a float: conversions of one number at a time. Kernels have vectorized ones.
#ifndef POSENET_NN_GRAPH_BFLOAT16_H_
#define POSENET_NN_GRAPH_BFLOAT16_H_

#include <bit>
#include <cstdint>

namespace posenet::nn {

/// The nearest bfloat16, halves to even. `value` must not be NaN.
constexpr std::uint16_t ToBFloat16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

constexpr float FromBFloat16(std::uint16_t upper_half) { return std::bit_cast<float>(std::uint32_t{upper_half} << 16); }

}  // namespace posenet::nn

#endif  // POSENET_NN_GRAPH_BFLOAT16_H_

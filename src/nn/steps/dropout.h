// SPDX-License-Identifier: Apache-2.0
// The elements that dropout drops.
#ifndef POSENET_NN_STEPS_DROPOUT_H_
#define POSENET_NN_STEPS_DROPOUT_H_

#include <cstdint>

namespace posenet::nn {

/// The finalizer of SplitMix64 (Steele et al. 2014): a mix of all bits.
inline std::uint64_t MixBits(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31);
}

/// The key that determines which elements of value `value` are dropped.
inline std::uint64_t DropoutKey(std::uint64_t seed, int value) {
  return MixBits(seed + 0x9E3779B97F4A7C15U * static_cast<std::uint64_t>(value));
}

/// Whether element `index` is dropped. Depends on nothing but its arguments, so any thread may compute any element.
inline bool IsDropped(std::uint64_t key, std::int64_t index, float rate) {
  const std::uint64_t bits = MixBits(key + 0x9E3779B97F4A7C15U * (static_cast<std::uint64_t>(index) + 1));
  return static_cast<float>(bits >> 40) * 0x1p-24F < rate;  // 24 bits: a float's precision.
}

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_DROPOUT_H_

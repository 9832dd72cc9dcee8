// SPDX-License-Identifier: Apache-2.0
// Loops over channels that never touch an element beyond the last: full vectors first, then vectors of four, then
// single elements.
#if defined(POSENET_NN_KERNELS_VECTOR_BLOCKS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef POSENET_NN_KERNELS_VECTOR_BLOCKS_INL_H_
#undef POSENET_NN_KERNELS_VECTOR_BLOCKS_INL_H_
#else
#define POSENET_NN_KERNELS_VECTOR_BLOCKS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Calls body(d, i) with vector types `d` so that the blocks [i, i + Lanes(d)) cover [0, count).
template <typename Body>
HWY_INLINE void ForEachVector(std::ptrdiff_t count, const Body& body) {
  const hn::ScalableTag<float> full;
  const hn::CappedTag<float, 4> four;
  const hn::CappedTag<float, 1> one;
  const auto full_lanes = static_cast<std::ptrdiff_t>(hn::Lanes(full));
  const auto four_lanes = static_cast<std::ptrdiff_t>(hn::Lanes(four));
  std::ptrdiff_t i = 0;
  for (; i + full_lanes <= count; i += full_lanes) body(full, i);
  if (full_lanes > four_lanes) {
    for (; i + four_lanes <= count; i += four_lanes) body(four, i);
  }
  for (; i < count; ++i) body(one, i);
}

/// The same with full vectors only, of which the last may overlap the one before it, if `count` is enough for one. For
/// loops whose output is not their input.
template <typename Body>
HWY_INLINE void ForEachOverlappingVector(std::ptrdiff_t count, const Body& body) {
  const hn::ScalableTag<float> full;
  const auto lanes = static_cast<std::ptrdiff_t>(hn::Lanes(full));
  if (count < lanes) return ForEachVector(count, body);
  for (std::ptrdiff_t i = 0; i < count; i += lanes) body(full, i + lanes <= count ? i : count - lanes);
}

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

// SPDX-License-Identifier: Apache-2.0
// The instruction sets that kernels are compiled for. Included by the kernels' sources alone, before any header of
// Highway.
#ifndef POSENET_NN_KERNELS_TARGETS_H_
#define POSENET_NN_KERNELS_TARGETS_H_

// Disabled: vectors of a length that is unknown at compile time (SVE, RVV), because register tiles are arrays of
// vectors; and SSSE3, because no CPU of the last 15 years has it without SSE4.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#include <hwy/targets.h>

#include <cstddef>
#include <cstdint>

/// The variant of FUNCTION, named in HWY_EXPORT(FUNCTION), that was compiled for `target`. Unlike HWY_DYNAMIC_DISPATCH
/// it lets the caller choose, so that one process can use several (tests, comparisons).
#if (HWY_TARGETS & (HWY_TARGETS - 1)) == 0
#define POSENET_DISPATCH(FUNCTION, target) HWY_STATIC_DISPATCH(FUNCTION)
#else
#define POSENET_DISPATCH(FUNCTION, target) \
  (*HWY_DISPATCH_TABLE(FUNCTION)[::posenet::nn::DispatchIndex(target, HWY_TARGETS)])
#endif

/// Defines NAME(target, kernels) of kernel_sets.h: calls the variant of this file's SetKernels(kernels) that was
/// compiled for `target`. Stands at the end of the file, inside `#if HWY_ONCE`.
#define POSENET_EXPORT_KERNELS(NAME)                                                                                   \
  namespace posenet::nn {                                                                                              \
  HWY_EXPORT(SetKernels);                                                                                              \
  void NAME([[maybe_unused]] std::int64_t target, Kernels& kernels) { POSENET_DISPATCH(SetKernels, target)(kernels); } \
  }

namespace posenet::nn {

/// The index of `target` in a dispatch table. `compiled` are the targets of the translation unit: in one without a
/// variant for AVX-512 with dot products (AVX3_DL), AVX-512 without them takes its place.
inline std::size_t DispatchIndex(std::int64_t target, std::int64_t compiled) {
  if (target == HWY_AVX3_DL && (compiled & HWY_AVX3_DL) == 0) target = HWY_AVX3;
  hwy::ChosenTarget chosen;
  chosen.Update(target);
  return chosen.GetIndex();
}

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_TARGETS_H_

// SPDX-License-Identifier: Apache-2.0
// Which instruction sets kernels are compiled for. Included before every header of Highway by the kernels' sources and
// by nothing else.
#ifndef POSENET_NN_KERNELS_TARGETS_H_
#define POSENET_NN_KERNELS_TARGETS_H_

// Left out: vectors whose length is not known when compiling cannot be held in the arrays that the register tiles are
// (SVE, RVV), and no CPU of the last 15 years has SSSE3 but not SSE4.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)

#include <hwy/targets.h>

#include <cstddef>
#include <cstdint>

/// The variant of FUNCTION, named in HWY_EXPORT(FUNCTION), that was compiled for `target`: unlike HWY_DYNAMIC_DISPATCH
/// the caller chooses, so that one process can use several (tests, comparisons).
#if (HWY_TARGETS & (HWY_TARGETS - 1)) == 0
#define POSENET_DISPATCH(FUNCTION, target) HWY_STATIC_DISPATCH(FUNCTION)
#else
#define POSENET_DISPATCH(FUNCTION, target) \
  (*HWY_DISPATCH_TABLE(FUNCTION)[::posenet::nn::DispatchIndex(target, HWY_TARGETS)])
#endif

namespace posenet::nn {

/// `compiled` are the targets of the translation unit: one that has no variant for AVX-512 with dot products answers
/// that for AVX-512 without.
inline std::size_t DispatchIndex(std::int64_t target, std::int64_t compiled) {
  if (target == HWY_AVX3_DL && (compiled & HWY_AVX3_DL) == 0) target = HWY_AVX3;
  hwy::ChosenTarget chosen;
  chosen.Update(target);
  return chosen.GetIndex();
}

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_TARGETS_H_

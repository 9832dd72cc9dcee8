// SPDX-License-Identifier: Apache-2.0
// Products of bfloat16 matrices with sums in float.
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/gemm_bfloat16.cc"
#define HWY_WANT_AVX3_DL  // Some of these CPUs have dot products of bfloat16.
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#undef POSENET_EXTRA_INSTRUCTIONS
#undef POSENET_HAS_BFLOAT16_CONVERSION
#if HWY_TARGET == HWY_AVX3_DL
#define POSENET_HAS_BFLOAT16_CONVERSION  // For elements-inl.h.
// Most AVX3_DL CPUs have them, but Ice Lake does not: the functions below run only on CPUs that do.
#define POSENET_EXTRA_INSTRUCTIONS ",avx512bf16"
#else
#define POSENET_EXTRA_INSTRUCTIONS ""
#endif
#include "nn/kernels/dot_gemm-inl.h"

#ifdef HWY_TARGET_STR
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR POSENET_EXTRA_INSTRUCTIONS)
#endif
namespace posenet::nn::HWY_NAMESPACE {
namespace {

struct BFloat16Dot {
  static constexpr int kGroup = 2;
  static constexpr int kAOffset = 0;
  static constexpr ElementType kAType = ElementType::kBFloat16;
  using Words = hn::ScalableTag<std::uint32_t>;
  using A = hn::Vec<Words>;
  using B = hn::Vec<Words>;
  using Sums = V;

  static HWY_INLINE Sums Start(const float* /*bias*/) { return hn::Zero(D()); }
  static HWY_INLINE V Finish(Sums sums, const float* bias) {
    return hn::MulAdd(sums, hn::LoadU(D(), bias + kColumns), hn::LoadU(D(), bias));
  }
  static HWY_INLINE B LoadB(const std::byte* b) {
    return hn::LoadU(Words(), reinterpret_cast<const std::uint32_t*>(b));
  }
  static HWY_INLINE A LoadA(const std::byte* a) {
    std::uint32_t pair;
    __builtin_memcpy(&pair, a, sizeof(pair));
    return hn::Set(Words(), pair);
  }
#if HWY_TARGET == HWY_AVX3_DL
  static constexpr bool kIsNative = true;
  static HWY_INLINE Sums Add(Sums sums, A a, B b) {
    return Sums{_mm512_dpbf16_ps(sums.raw, reinterpret_cast<__m512bh>(a.raw), reinterpret_cast<__m512bh>(b.raw))};
  }
#else
  static constexpr bool kIsNative = false;
  static HWY_INLINE Sums Add(Sums sums, A a, B b) {
    const D d;
    const auto high = hn::Set(Words(), 0xFFFF0000U);
    sums = hn::MulAdd(hn::BitCast(d, hn::ShiftLeft<16>(a)), hn::BitCast(d, hn::ShiftLeft<16>(b)), sums);
    return hn::MulAdd(hn::BitCast(d, hn::And(a, high)), hn::BitCast(d, hn::And(b, high)), sums);
  }
#endif
};

void SetKernels(Kernels& kernels) { kernels.bfloat16_gemm = MakeDotGemm<BFloat16Dot>(); }

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace posenet::nn {

HWY_EXPORT(SetKernels);
void SetBFloat16Kernels([[maybe_unused]] std::int64_t target, Kernels& kernels) {
#if HWY_ARCH_X86
  if (target == HWY_AVX3_DL && !__builtin_cpu_supports("avx512bf16")) target = HWY_AVX3;
#endif
  POSENET_DISPATCH(SetKernels, target)(kernels);
}

}  // namespace posenet::nn
#endif

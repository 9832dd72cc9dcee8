// SPDX-License-Identifier: Apache-2.0
// Products of 8-bit numbers with sums in 32 bits, which are exact.
#include "nn/kernels/gemm_int8.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/gemm_int8.cc"
#define HWY_WANT_AVX3_DL  // For their dot products of bytes.
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#undef POSENET_EXTRA_INSTRUCTIONS
#if HWY_TARGET == HWY_AVX3_DL
#define POSENET_EXTRA_INSTRUCTIONS ",avx512vnni"  // Every AVX3_DL has them; Highway forgets to say so.
#else
#define POSENET_EXTRA_INSTRUCTIONS ""
#endif
#include "nn/kernels/dot_gemm-inl.h"

#ifdef HWY_TARGET_STR
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR POSENET_EXTRA_INSTRUCTIONS)
#endif
namespace posenet::nn::HWY_NAMESPACE {
namespace {

using Integers = hn::ScalableTag<std::int32_t>;

// What all ways have in common.
struct Int8Sums {
  static constexpr bool kHasScale = true;
  using A = hn::Vec<Integers>;
  using B = hn::Vec<Integers>;
  using Sums = hn::Vec<Integers>;

  static HWY_INLINE Sums Start(const float* /*bias*/) { return hn::Zero(Integers()); }
  static HWY_INLINE V Finish(Sums sums, const float* bias) {
    const D d;
    return hn::MulAdd(hn::ConvertTo(d, sums), hn::LoadU(d, bias + kColumns), hn::LoadU(d, bias));
  }
  static HWY_INLINE B LoadB(const std::byte* b) {
    return hn::LoadU(Integers(), reinterpret_cast<const std::int32_t*>(b));
  }
  static HWY_INLINE A LoadA(const std::byte* a) {
    std::int32_t group;
    __builtin_memcpy(&group, a, sizeof(group));
    return hn::Set(Integers(), group);
  }
};

#if HWY_TARGET == HWY_AVX3_DL

struct Int8Dot : Int8Sums {
  static constexpr int kGroup = 4;
  static constexpr ElementType kAType = ElementType::kUint8;
  static constexpr bool kIsNative = true;
  static HWY_INLINE Sums Add(Sums sums, A a, B b) { return Sums{_mm512_dpbusd_epi32(sums.raw, a.raw, b.raw)}; }
};

#else

// The older instructions for bytes saturate their sums at 16 bits; pairs of 16 bits are exact.
struct Int8Dot : Int8Sums {
  static constexpr int kGroup = 2;
  static constexpr ElementType kAType = ElementType::kUint8In16;
  static HWY_INLINE Sums Add(Sums sums, A a, B b) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_WASM
    const hn::Repartition<std::int16_t, Integers> pairs;
    Sums unused = hn::Zero(Integers());
    return hn::ReorderWidenMulAccumulate(Integers(), hn::BitCast(pairs, a), hn::BitCast(pairs, b), sums, unused);
  }
  static constexpr bool kIsNative = true;
#else
    const auto low = [](auto v) HWY_ATTR { return hn::ShiftRight<16>(hn::ShiftLeft<16>(v)); };
    sums = hn::Add(sums, hn::Mul(low(a), low(b)));
    return hn::Add(sums, hn::Mul(hn::ShiftRight<16>(a), hn::ShiftRight<16>(b)));
  }
  static constexpr bool kIsNative = false;
#endif
};

#endif

void SetKernels(Kernels& kernels) { kernels.int8_gemm = MakeDotGemm<Int8Dot>(); }

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace posenet::nn {

HWY_EXPORT(SetKernels);
void SetInt8Kernels([[maybe_unused]] std::int64_t target, Kernels& kernels) {
  POSENET_DISPATCH(SetKernels, target)(kernels);
}

}  // namespace posenet::nn
#endif

// SPDX-License-Identifier: Apache-2.0
// Products of 8-bit matrices with exact 32-bit sums.
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/gemm_int8.cc"
#define HWY_WANT_AVX3_DL  // For their dot products of bytes.
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#undef POSENET_EXTRA_INSTRUCTIONS
#if HWY_TARGET == HWY_AVX3_DL
#define POSENET_EXTRA_INSTRUCTIONS ",avx512vnni"  // Every AVX3_DL CPU has them; Highway does not enable them.
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

// The operands, which are the same for all instruction sets.
struct Int8Operands {
  static constexpr int kAOffset = 0;
  using A = hn::Vec<Integers>;
  using B = hn::Vec<Integers>;

  static HWY_INLINE B LoadB(const std::byte* b) {
    return hn::LoadU(Integers(), reinterpret_cast<const std::int32_t*>(b));
  }
  static HWY_INLINE A LoadA(const std::byte* a) {
    std::int32_t group;
    __builtin_memcpy(&group, a, sizeof(group));
    return hn::Set(Integers(), group);
  }
  static HWY_INLINE V Scaled(hn::Vec<Integers> sums, const float* bias) {
    const D d;
    return hn::MulAdd(hn::ConvertTo(d, sums), hn::LoadU(d, bias + kColumns), hn::LoadU(d, bias));
  }
};

#if HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SSE4

// The compiler sees sums as vectors of int. The intrinsics' types are vectors of long long, and GCC 12 spills every one
// of those to memory in every step.
struct Int8Sums : Int8Operands {
  using Sums [[gnu::vector_size(kLanes * sizeof(std::int32_t))]] = std::int32_t;
  using Raw = decltype(hn::Vec<Integers>::raw);

  static HWY_INLINE Sums Start(const float* /*bias*/) { return Sums{}; }
  static HWY_INLINE V Finish(Sums sums, const float* bias) {
    return Scaled(hn::Vec<Integers>{reinterpret_cast<Raw>(sums)}, bias);
  }
};

#else

struct Int8Sums : Int8Operands {
  using Sums = hn::Vec<Integers>;

  static HWY_INLINE Sums Start(const float* /*bias*/) { return hn::Zero(Integers()); }
  static HWY_INLINE V Finish(Sums sums, const float* bias) { return Scaled(sums, bias); }
};

#endif

#if HWY_TARGET == HWY_AVX3_DL

struct Int8Dot : Int8Sums {
  static constexpr int kGroup = 4;
  static constexpr ElementType kAType = ElementType::kUint8;
  static constexpr bool kIsNative = true;
  static HWY_INLINE Sums Add(Sums sums, A a, B b) {
    return reinterpret_cast<Sums>(_mm512_dpbusd_epi32(reinterpret_cast<Raw>(sums), a.raw, b.raw));
  }
};

#else

// The older instructions for bytes saturate their sums at 16 bits; those for pairs of 16-bit integers are exact.
struct Int8Dot : Int8Sums {
  static constexpr int kGroup = 2;
  static constexpr ElementType kAType = ElementType::kUint8In16;
  static HWY_INLINE Sums Add(Sums sums, A a, B b) {
#if HWY_TARGET == HWY_AVX3
    return sums + reinterpret_cast<Sums>(_mm512_madd_epi16(a.raw, b.raw));
  }
  static constexpr bool kIsNative = true;
#elif HWY_TARGET == HWY_AVX2
    return sums + reinterpret_cast<Sums>(_mm256_madd_epi16(a.raw, b.raw));
  }
  static constexpr bool kIsNative = true;
#elif HWY_TARGET == HWY_SSE4
    return sums + reinterpret_cast<Sums>(_mm_madd_epi16(a.raw, b.raw));
  }
  static constexpr bool kIsNative = true;
#elif HWY_TARGET == HWY_WASM
    return hn::Add(sums, hn::Vec<Integers>{wasm_i32x4_dot_i16x8(a.raw, b.raw)});
  }
  static constexpr bool kIsNative = true;
#else
    const auto low = [](auto v) HWY_ATTR { return hn::ShiftRight<16>(hn::ShiftLeft<16>(v)); };
    const hn::Vec<Integers> products = hn::Mul(low(a), low(b));
    const hn::Vec<Integers> high_products = hn::Mul(hn::ShiftRight<16>(a), hn::ShiftRight<16>(b));
    return hn::Add(hn::Add(sums, products), high_products);
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
POSENET_EXPORT_KERNELS(SetInt8Kernels)
#endif

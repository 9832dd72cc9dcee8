// SPDX-License-Identifier: Apache-2.0
// Dot products of bytes, which some 64-bit Arm CPUs have beyond NEON, the one instruction set of theirs that
// Highway 1.0 knows.
#include "nn/kernels/kernel_sets.h"
#include "nn/kernels/targets.h"

#if HWY_ARCH_ARM_A64 && HWY_TARGET == HWY_NEON && defined(__linux__)

// Foreign headers come first, before the pragma: their inline functions must not be compiled for these instructions, as
// the linker may use them in other files.
#include <arm_neon.h>
#include <asm/hwcap.h>
#include <hwy/highway.h>
#include <sys/auxv.h>

#include <algorithm>
#include <array>
#include <utility>

#pragma GCC push_options
#pragma GCC target("arch=armv8.2-a+dotprod")
#include "nn/kernels/dot_gemm-inl.h"

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

// The products are of signed bytes: 128 is subtracted from the elements of A, and the sums start with what that takes
// away.
struct SignedDotProduct {
  static constexpr int kGroup = 4;
  static constexpr ElementType kAType = ElementType::kUint8;
  static constexpr int kAOffset = 128;
  static constexpr bool kIsNative = true;
  using A = int8x16_t;
  using B = int8x16_t;
  using Sums = int32x4_t;

  static HWY_INLINE Sums Start(const float* bias) {
    return vld1q_s32(reinterpret_cast<const std::int32_t*>(bias + 2 * kColumns));
  }
  static HWY_INLINE V Finish(Sums sums, const float* bias) {
    const D d;
    return hn::MulAdd(V(vcvtq_f32_s32(sums)), hn::LoadU(d, bias + kColumns), hn::LoadU(d, bias));
  }
  static HWY_INLINE B LoadB(const std::byte* b) { return vld1q_s8(reinterpret_cast<const std::int8_t*>(b)); }
  static HWY_INLINE A LoadA(const std::byte* a) {
    std::int32_t group;
    __builtin_memcpy(&group, a, sizeof(group));
    return veorq_s8(vreinterpretq_s8_s32(vdupq_n_s32(group)), vdupq_n_s8(-128));
  }
  static HWY_INLINE Sums Add(Sums sums, A a, B b) { return vdotq_s32(sums, b, a); }
};

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#pragma GCC pop_options

namespace posenet::nn {

bool SetInt8DotProductKernels(Kernels& kernels) {
  if ((getauxval(AT_HWCAP) & HWCAP_ASIMDDP) == 0) return false;
  kernels.int8_gemm = HWY_NAMESPACE::MakeDotGemm<HWY_NAMESPACE::SignedDotProduct>();
  kernels.instruction_set = "NEON_DOTPROD";
  return true;
}

}  // namespace posenet::nn

#else

namespace posenet::nn {

bool SetInt8DotProductKernels(Kernels& /*kernels*/) { return false; }

}  // namespace posenet::nn

#endif

// SPDX-License-Identifier: Apache-2.0
// Loads and stores of float vectors from and to elements of any type.
#if defined(POSENET_NN_KERNELS_ELEMENTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef POSENET_NN_KERNELS_ELEMENTS_INL_H_
#undef POSENET_NN_KERNELS_ELEMENTS_INL_H_
#else
#define POSENET_NN_KERNELS_ELEMENTS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

#include "nn/kernels/kernels.h"

// Instructions that the including file's functions may use beyond the target's own: ",name", or empty.
#ifndef POSENET_EXTRA_INSTRUCTIONS
#define POSENET_EXTRA_INSTRUCTIONS ""
#endif
#ifdef HWY_TARGET_STR
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR POSENET_EXTRA_INSTRUCTIONS)
#endif
namespace posenet::nn::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// The element type of memory is its C++ type: float, BFloat16, std::uint16_t, std::uint8_t.

struct BFloat16 {
  std::uint16_t bits;
};

template <class D>
HWY_INLINE hn::Vec<D> LoadFloats(D d, const float* values) {
  return hn::LoadU(d, values);
}

template <class D>
HWY_INLINE hn::Vec<D> LoadFloats(D d, const BFloat16* values) {
  const hn::Rebind<std::uint16_t, D> d16;
  const hn::Rebind<std::uint32_t, D> d32;
  const auto bits = hn::LoadU(d16, reinterpret_cast<const std::uint16_t*>(values));
  return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(d32, bits)));
}

/// Converts integers that were promoted from a narrower type to floats.
template <class D>
HWY_INLINE hn::Vec<D> ToFloats(D d, hn::Vec<hn::Rebind<std::int32_t, D>> whole) {
#if HWY_TARGET == HWY_WASM
  // Hides the promotion from LLVM (14), which would fuse it with the conversion into one from 8 or 16 bits to float,
  // and has that for single elements only.
  asm("" : "+r"(whole.raw));
#endif
  return hn::ConvertTo(d, whole);
}

template <class D>
HWY_INLINE hn::Vec<D> LoadFloats(D d, const std::uint16_t* values) {
  const hn::Rebind<std::uint16_t, D> d16;
  const hn::Rebind<std::int32_t, D> d32;
#if HWY_TARGET == HWY_WASM
  if constexpr (hn::MaxLanes(D()) == 4) return ToFloats(d, hn::Vec<decltype(d32)>{wasm_u32x4_load16x4(values)});
#endif
  return ToFloats(d, hn::PromoteTo(d32, hn::LoadU(d16, values)));
}

template <class D>
HWY_INLINE hn::Vec<D> LoadFloats(D d, const std::uint8_t* values) {
  const hn::Rebind<std::uint8_t, D> d8;
  const hn::Rebind<std::int32_t, D> d32;
  return ToFloats(d, hn::PromoteTo(d32, hn::LoadU(d8, values)));
}

/// The upper halves of floats as integers, rounded to nearest, halves to even.
template <class D>
HWY_INLINE hn::Vec<hn::Rebind<std::uint32_t, D>> RoundedToBFloat16(D /*d*/, hn::Vec<D> v) {
  const hn::Rebind<std::uint32_t, D> d32;
  // Adds half a unit, or one bit less if the number is even.
  const auto bits = hn::BitCast(d32, v);
  const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(d32, 1));
  return hn::ShiftRight<16>(hn::Add(bits, hn::Add(odd, hn::Set(d32, 0x7FFF))));
}

/// The nearest integers of numbers in [-2^22, 2^22], halves to even.
template <class D>
HWY_INLINE hn::Vec<hn::Rebind<std::int32_t, D>> NearestInteger(D d, hn::Vec<D> v) {
#if HWY_TARGET == HWY_WASM
  // WASM's conversions to integers saturate, which takes engines for x86 eight instructions. Floats around 1.5 * 2^23
  // have a spacing of 1, and their lowest bits are those of the integer.
  const hn::Rebind<std::int32_t, D> di;
  constexpr float kWhole = 12582912.0F;
  return hn::Sub(hn::BitCast(di, hn::Add(v, hn::Set(d, kWhole))), hn::Set(di, 0x4B400000));
#elif HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  (void)d;
  // Without Highway's saturation of numbers out of range, which takes four instructions.
  if constexpr (hn::MaxLanes(D()) == 16) return {_mm512_cvtps_epi32(v.raw)};
  return hn::NearestInt(v);
#else
  (void)d;
  return hn::NearestInt(v);
#endif
}

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL

/// Sixteen numbers as elements of `kType`; see StoreAs. One instruction narrows integers that are not negative.
template <ElementType kType, class D>
HWY_INLINE auto Converted(D d, hn::Vec<D> v) {
  if constexpr (kType == ElementType::kFloat32) {
    return v;
  } else if constexpr (kType == ElementType::kBFloat16) {
#ifdef POSENET_HAS_BFLOAT16_CONVERSION
    (void)d;
    return hn::Vec<hn::Rebind<std::uint16_t, D>>{reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(v.raw))};
#else
    return hn::Vec<hn::Rebind<std::uint16_t, D>>{_mm512_cvtepi32_epi16(RoundedToBFloat16(d, v).raw)};
#endif
  } else if constexpr (kType == ElementType::kUint8) {
    return hn::Vec<hn::Rebind<std::uint8_t, D>>{_mm512_cvtusepi32_epi8(NearestInteger(d, v).raw)};
  } else {
    return hn::Vec<hn::Rebind<std::uint16_t, D>>{_mm512_cvtusepi32_epi16(NearestInteger(d, v).raw)};
  }
}

/// Stores the first `count` of sixteen numbers.
template <ElementType kType, class D>
HWY_INLINE void StoreFirst(D d, hn::Vec<D> v, std::size_t count, void* values, std::ptrdiff_t index) {
  const auto converted = Converted<kType>(d, v);
  const hn::DFromV<decltype(converted)> to;
  hn::BlendedStore(converted, hn::FirstN(to, count), to, static_cast<hn::TFromD<decltype(to)>*>(values) + index);
}

#endif

/// Stores `v` as elements [index, index + Lanes(d)) of `values`. Numbers that are stored as integers must be within the
/// range of their type, as clamping to ClampOf() ensures.
template <ElementType kType, class D>
HWY_INLINE void StoreAs(D d, hn::Vec<D> v, void* values, std::ptrdiff_t index) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  if constexpr (hn::MaxLanes(D()) == 16) {
    const auto converted = Converted<kType>(d, v);
    const hn::DFromV<decltype(converted)> to;
    return hn::StoreU(converted, to, static_cast<hn::TFromD<decltype(to)>*>(values) + index);
  }
#endif
  if constexpr (kType == ElementType::kFloat32) {
    hn::StoreU(v, d, static_cast<float*>(values) + index);
  } else if constexpr (kType == ElementType::kBFloat16) {
    const hn::Rebind<std::uint16_t, D> d16;
    const hn::Rebind<std::int32_t, D> d32;
    const auto rounded = hn::BitCast(d32, RoundedToBFloat16(d, v));
    hn::StoreU(hn::DemoteTo(d16, rounded), d16, static_cast<std::uint16_t*>(values) + index);
  } else {
    const auto whole = NearestInteger(d, v);
    if constexpr (kType == ElementType::kUint16) {
      const hn::Rebind<std::uint16_t, D> d16;
      hn::StoreU(hn::DemoteTo(d16, whole), d16, static_cast<std::uint16_t*>(values) + index);
    } else if constexpr (kType == ElementType::kUint8) {
      const hn::Rebind<std::uint8_t, D> d8;
      hn::StoreU(hn::DemoteTo(d8, whole), d8, static_cast<std::uint8_t*>(values) + index);
    } else {
      const hn::Rebind<std::int16_t, D> d16;
      hn::StoreU(hn::DemoteTo(d16, whole), d16, static_cast<std::int16_t*>(values) + index);
    }
  }
}

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

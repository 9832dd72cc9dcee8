// SPDX-License-Identifier: Apache-2.0
// How products store a tile of finished sums, and how they divide rows into tiles.
#if defined(POSENET_NN_KERNELS_TILE_STORE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef POSENET_NN_KERNELS_TILE_STORE_INL_H_
#undef POSENET_NN_KERNELS_TILE_STORE_INL_H_
#else
#define POSENET_NN_KERNELS_TILE_STORE_INL_H_
#endif

#include <algorithm>

#include "nn/kernels/elements-inl.h"
#include "nn/kernels/vector_blocks-inl.h"

#ifdef HWY_TARGET_STR
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR POSENET_EXTRA_INSTRUCTIONS)
#endif
namespace posenet::nn::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));

// Rows of a register tile. Registers hold its sums, a row of B (one register for each of its vectors), the element of A
// that multiplies it and, without fused multiply-add, the product. A step in depth is rows x vectors multiply-adds for
// rows + vectors loads: the tile should be large and nearly square, and have at least latency x throughput (4 cycles x
// 2) sums.
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
// 32 registers: 12 x 2 + 2 + 1. 14 rows would fit, but their pointers would not fit in the 16 general-purpose
// registers.
constexpr int kMaxRows = 12;
#elif HWY_TARGET == HWY_NEON || HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SSE4
// 32 registers: 6 x 4 + 4 + 1 (NEON). 16 registers: 6 x 2 + 2 + 1 + 1.
constexpr int kMaxRows = 6;
#else
// WASM engines for x86 leave 15 of 16 registers to the loop, and multiply and add separately: 2 x 4 + 4 + 1 + 1. Two
// rows of four vectors rather than four rows of two: vectors of B are adjacent, but the address of each row of A must
// be computed, with which floats take 3 to 5 % longer in V8 (Node 20). With 10 sums, or with the loop over depth
// unrolled, V8 spills sums, and takes 1.5 to 2 times as long.
constexpr int kMaxRows = 2;
#endif

struct RowRange {
  int first;
  int count;
};

/// Rows divided into tiles of nearly equal height, because a last tile of one or two rows would take nearly as long as
/// a whole one.
class RowTiles {
 public:
  explicit HWY_INLINE RowTiles(int rows)
      : count_((rows + kMaxRows - 1) / kMaxRows), base_(rows / count_), longer_(rows % count_) {}

  [[nodiscard]] HWY_INLINE int count() const { return count_; }
  [[nodiscard]] HWY_INLINE RowRange operator[](int index) const {
    return {index * base_ + std::min(index, longer_), base_ + (index < longer_ ? 1 : 0)};
  }

 private:
  int count_;
  int base_;  // Rows of a tile; the first `longer_` tiles have one more.
  int longer_;
};

template <ElementType kType>
void StoreRowsAs(const float* HWY_RESTRICT buffer, int buffer_stride, int rows, int columns, const OutputView& output) {
  for (int r = 0; r < rows; ++r) {
    const float* HWY_RESTRICT row = buffer + r * buffer_stride;
    void* const out = output.At(r, 0);
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
    const D d;
    for (int i = 0; i < columns; i += kLanes) {
      const auto count = static_cast<std::size_t>(std::min(columns - i, kLanes));
      StoreFirst<kType>(d, hn::MaskedLoad(hn::FirstN(d, count), d, row + i), count, out, i);
    }
#else
    ForEachVector(columns,
                  [&](auto d, std::ptrdiff_t i) HWY_ATTR { StoreAs<kType>(d, hn::LoadU(d, row + i), out, i); });
#endif
  }
}

#if HWY_TARGET == HWY_WASM

/// Whether results of this type are stored as 16-bit integers, as between depthwise layers and products.
HWY_INLINE bool Is16BitInteger(ElementType type) {
  return type == ElementType::kUint8In16 || type == ElementType::kUint16;
}

/// Stores eight results at once, as 16-bit integers or as bytes.
HWY_INLINE void StoreEight(V low, V high, std::uint16_t* out) {
  const D d;
  wasm_v128_store(out, wasm_u16x8_narrow_i32x4(NearestInteger(d, low).raw, NearestInteger(d, high).raw));
}

HWY_INLINE void StoreEight(V low, V high, std::uint8_t* out) {
  const D d;
  const auto words = wasm_i16x8_narrow_i32x4(NearestInteger(d, low).raw, NearestInteger(d, high).raw);
  wasm_v128_store64_lane(out, wasm_u8x16_narrow_i16x8(words, words), 0);
}

HWY_INLINE void StoreRowsAs16Bit(const float* HWY_RESTRICT buffer, int buffer_stride, int rows, int columns,
                                 const OutputView& output) {
  const D d;
  auto* HWY_RESTRICT out = static_cast<std::uint16_t*>(output.values);
  for (int r = 0; r < rows; ++r, buffer += buffer_stride, out += output.step) {
    for (int c = 0; c < columns; c += 2 * kLanes) {
      StoreEight(hn::LoadU(d, buffer + c), hn::LoadU(d, buffer + c + kLanes), out + c);
    }
  }
}

#endif

HWY_NOINLINE void StoreRows(const float* buffer, int buffer_stride, int rows, int columns, const OutputView& output) {
#if HWY_TARGET == HWY_WASM
  if (columns % (2 * kLanes) == 0 && Is16BitInteger(output.type)) {
    return StoreRowsAs16Bit(buffer, buffer_stride, rows, columns, output);
  }
#endif
  switch (output.type) {
    case ElementType::kFloat32:
      return StoreRowsAs<ElementType::kFloat32>(buffer, buffer_stride, rows, columns, output);
    case ElementType::kBFloat16:
      return StoreRowsAs<ElementType::kBFloat16>(buffer, buffer_stride, rows, columns, output);
    case ElementType::kUint16:
      return StoreRowsAs<ElementType::kUint16>(buffer, buffer_stride, rows, columns, output);
    case ElementType::kUint8:
      return StoreRowsAs<ElementType::kUint8>(buffer, buffer_stride, rows, columns, output);
    case ElementType::kUint8In16:
      return StoreRowsAs<ElementType::kUint8In16>(buffer, buffer_stride, rows, columns, output);
  }
}

// The sums must stay in registers until they are final, so all loops over them are unrolled here. Tiles that are not
// stored as they are go through a buffer: otherwise each of the many kinds of tiles would have all of that code.
template <int kRows, int kVectors>
HWY_INLINE void StoreFloatTile(const V (&sums)[kRows][kVectors], float* HWY_RESTRICT c, std::ptrdiff_t c_stride) {
  const D d;
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) hn::StoreU(sums[r][v], d, c + r * c_stride + v * kLanes);
  }
}

#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL

/// Stores a whole tile of numbers of another type than float.
template <ElementType kType, int kRows, int kVectors>
HWY_INLINE void StoreWholeTileAs(const V (&sums)[kRows][kVectors], const OutputView& output) {
  const D d;
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) StoreAs<kType>(d, sums[r][v], output.values, r * output.step + v * kLanes);
  }
}

/// Stores a whole tile of any other type than float without a buffer, through which products of few rows of B take up
/// to twice as long. Returns whether it has.
template <int kRows, int kVectors>
HWY_INLINE bool StoreWholeTile(const V (&sums)[kRows][kVectors], const OutputView& output) {
  switch (output.type) {
    case ElementType::kFloat32:
      return false;
    case ElementType::kBFloat16:
      StoreWholeTileAs<ElementType::kBFloat16>(sums, output);
      break;
    case ElementType::kUint8:
      StoreWholeTileAs<ElementType::kUint8>(sums, output);
      break;
    case ElementType::kUint16:
    case ElementType::kUint8In16:
      StoreWholeTileAs<ElementType::kUint16>(sums, output);
      break;
  }
  return true;
}

#else

template <int kRows, int kVectors>
HWY_INLINE bool StoreWholeTile(const V (&/*sums*/)[kRows][kVectors], const OutputView& /*output*/) {
  return false;
}

#endif

/// Stores the first `columns` columns of the tile, clamped.
template <int kRows, int kVectors>
HWY_INLINE void StoreTile(V (&sums)[kRows][kVectors], const Clamp& clamp, int columns, const OutputView& output) {
  const D d;
  const V low = hn::Set(d, clamp.low);
  const V high = hn::Set(d, clamp.high);
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::Min(hn::Max(sums[r][v], low), high);
  }
  constexpr int kTileColumns = kVectors * kLanes;
  if (columns == kTileColumns && output.type == ElementType::kFloat32) {
    StoreFloatTile(sums, static_cast<float*>(output.values), output.step);
  } else if (columns != kTileColumns || !StoreWholeTile(sums, output)) {
    HWY_ALIGN float buffer[kRows * kTileColumns];
    StoreFloatTile(sums, buffer, kTileColumns);
    StoreRows(buffer, kTileColumns, kRows, columns, output);
  }
}

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

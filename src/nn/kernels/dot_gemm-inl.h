// SPDX-License-Identifier: Apache-2.0
// The loop of low-precision products, whose elements are multiplied in groups of four bytes, for any instruction that
// multiplies them.
#if defined(POSENET_NN_KERNELS_DOT_GEMM_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef POSENET_NN_KERNELS_DOT_GEMM_INL_H_
#undef POSENET_NN_KERNELS_DOT_GEMM_INL_H_
#else
#define POSENET_NN_KERNELS_DOT_GEMM_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "nn/kernels/tile_store-inl.h"

#ifdef HWY_TARGET_STR
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR POSENET_EXTRA_INSTRUCTIONS)
#endif
namespace posenet::nn::HWY_NAMESPACE {
namespace {

/// Bytes of A and B that are multiplied in one step, for each row and each column.
constexpr std::ptrdiff_t kGroupBytes = 4;

// Without a dot product that also adds, as on NEON, a product takes a register of its own.
constexpr int kMaxVectors = HWY_TARGET == HWY_WASM ? 4 : 2;
constexpr int kColumns = kMaxVectors * kLanes;

/// The bytes of a panel's bias, scales and, if `Dot` has them, initial sums.
template <class Dot>
constexpr std::ptrdiff_t kHeaderBytes = kColumns* std::ptrdiff_t{sizeof(float)} * (Dot::kAOffset != 0 ? 3 : 2);

struct DotTile {
  const std::byte* const* rows;
  std::ptrdiff_t steps;
  const std::byte* panel;
  OutputView c;
  int columns;
  Clamp clamp;
};

#if HWY_TARGET == HWY_WASM

template <class Dot>
using SumsTag = hn::DFromV<typename Dot::Sums>;
template <class Dot>
using Sum = hn::TFromD<SumsTag<Dot>>;

/// The results of vector `vector` of the sums of a row.
template <class Dot>
HWY_INLINE V ResultOf(const Sum<Dot>* sums, int vector, const std::byte* panel, V low, V high) {
  const auto* const bias = reinterpret_cast<const float*>(panel);
  const V result = Dot::Finish(hn::LoadU(SumsTag<Dot>(), sums + vector * kLanes), bias + vector * kLanes);
  return hn::Min(hn::Max(result, low), high);
}

/// Stores the results of a whole tile as integers.
template <class Dot, class Element>
HWY_INLINE void FinishWholeTile(const Sum<Dot>* HWY_RESTRICT sums, int rows, const DotTile& tile) {
  const std::byte* const panel = tile.panel;
  const std::ptrdiff_t step = tile.c.step;
  const V low = hn::Set(D(), tile.clamp.low);
  const V high = hn::Set(D(), tile.clamp.high);
  auto* out = static_cast<Element*>(tile.c.values);
  for (int r = 0; r < rows; ++r, sums += kColumns, out += step) {
    for (int v = 0; v < kMaxVectors; v += 2) {
      const V left = ResultOf<Dot>(sums, v, panel, low, high);
      StoreEight(left, ResultOf<Dot>(sums, v + 1, panel, low, high), out + v * kLanes);
    }
  }
}

/// Stores the results of `rows` rows of `vectors` vectors of sums.
template <class Dot>
HWY_NOINLINE void FinishTile(const Sum<Dot>* HWY_RESTRICT sums, int rows, int vectors, const DotTile& tile) {
  if (tile.columns == kColumns) {
    if (Is16BitInteger(tile.c.type)) return FinishWholeTile<Dot, std::uint16_t>(sums, rows, tile);
    if (tile.c.type == ElementType::kUint8) return FinishWholeTile<Dot, std::uint8_t>(sums, rows, tile);
  }
  const V low = hn::Set(D(), tile.clamp.low);
  const V high = hn::Set(D(), tile.clamp.high);
  HWY_ALIGN float results[kMaxRows * kColumns];
  for (int r = 0; r < rows; ++r) {
    for (int v = 0; v < vectors; ++v) {
      const std::ptrdiff_t row = std::ptrdiff_t{r} * vectors * kLanes;
      hn::StoreU(ResultOf<Dot>(sums + row, v, tile.panel, low, high), D(), results + row + v * kLanes);
    }
  }
  StoreRows(results, vectors * kLanes, rows, tile.columns, tile.c);
}

#endif

/// A Dot describes a dot product instruction: its Sums (for one vector of columns), how they start and finish, and Add,
/// which adds the products of a group of A (broadcast) with the groups of B of these columns.
template <class Dot, int kRows, int kVectors>
void ComputeDotTile(const DotTile& tile) {
  constexpr std::ptrdiff_t kVectorBytes = kLanes * kGroupBytes;
  const auto* const bias = reinterpret_cast<const float*>(tile.panel);
  typename Dot::Sums sums[kRows][kVectors];
  for (int v = 0; v < kVectors; ++v) {
    for (int r = 0; r < kRows; ++r) sums[r][v] = Dot::Start(bias + v * kLanes);
  }
  const std::byte* HWY_RESTRICT b = tile.panel + kHeaderBytes<Dot>;
  const std::byte* HWY_RESTRICT a[kRows];
  for (int r = 0; r < kRows; ++r) a[r] = tile.rows[r];
  const std::ptrdiff_t end = tile.steps * kGroupBytes;
  // There is at least one step: for a loop that might not run at all, the compiler would keep the sums in memory.
  std::ptrdiff_t k = 0;
  do {
    typename Dot::B b_row[kVectors];
    for (int v = 0; v < kVectors; ++v) b_row[v] = Dot::LoadB(b + v * kVectorBytes);
    for (int r = 0; r < kRows; ++r) {
      const typename Dot::A a_group = Dot::LoadA(a[r] + k);
      for (int v = 0; v < kVectors; ++v) sums[r][v] = Dot::Add(sums[r][v], a_group, b_row[v]);
    }
    b += kMaxVectors * kVectorBytes;
    k += kGroupBytes;
  } while (k < end);
#if HWY_TARGET == HWY_WASM
  // The sums leave their registers before anything else needs registers: otherwise V8 would spill in every step what it
  // has no register for afterwards.
  HWY_ALIGN Sum<Dot> all_sums[kRows * kVectors * kLanes];
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) hn::StoreU(sums[r][v], SumsTag<Dot>(), all_sums + (r * kVectors + v) * kLanes);
  }
  FinishTile<Dot>(all_sums, kRows, kVectors, tile);
#else
  V results[kRows][kVectors];
  for (int v = 0; v < kVectors; ++v) {
    for (int r = 0; r < kRows; ++r) results[r][v] = Dot::Finish(sums[r][v], bias + v * kLanes);
  }
  StoreTile<kRows, kVectors>(results, tile.clamp, tile.columns, tile.c);
#endif
}

using DotTileFunction = void (*)(const DotTile& tile);

template <class Dot, int kVectors, int... kRowsLessOne>
constexpr std::array<DotTileFunction, kMaxRows> DotTilesOfVectors(std::integer_sequence<int, kRowsLessOne...>) {
  return {&ComputeDotTile<Dot, kRowsLessOne + 1, kVectors>...};
}

template <class Dot, int... kVectorsLessOne>
constexpr std::array<std::array<DotTileFunction, kMaxRows>, kMaxVectors> AllDotTiles(
    std::integer_sequence<int, kVectorsLessOne...>) {
  return {DotTilesOfVectors<Dot, kVectorsLessOne + 1>(std::make_integer_sequence<int, kMaxRows>())...};
}

template <class Dot>
constexpr auto kDotTiles = AllDotTiles<Dot>(std::make_integer_sequence<int, kMaxVectors>());

template <class Dot>
void RunDotGemm(const DotGemmArgs& args) {
  constexpr std::ptrdiff_t kElementBytes = kGroupBytes / Dot::kGroup;
  const std::ptrdiff_t steps = (args.depth + Dot::kGroup - 1) / Dot::kGroup;
  const std::ptrdiff_t panel_bytes = kHeaderBytes<Dot> + kColumns * steps * kGroupBytes;
  const std::ptrdiff_t row_bytes = args.a_stride * kElementBytes;
  const RowTiles tiles(args.rows);
  const int panel_count = (args.columns + kColumns - 1) / kColumns;
  const std::byte* pointers[kMaxRows];
  for (int panel = 0; panel < panel_count; ++panel) {
    DotTile tile = {.rows = pointers,
                    .steps = steps,
                    .panel = args.panels + panel * panel_bytes,
                    .c = args.c,
                    .columns = std::min(kColumns, args.columns - panel * kColumns),
                    .clamp = args.clamp};
    const int vectors = (tile.columns + kLanes - 1) / kLanes;
    const auto& functions = kDotTiles<Dot>[static_cast<std::size_t>(vectors - 1)];
    for (int t = 0; t < tiles.count(); ++t) {
      const RowRange rows = tiles[t];
      for (int r = 0; r < rows.count; ++r) {
        pointers[r] = static_cast<const std::byte*>(args.a) + (rows.first + r) * row_bytes;
      }
      tile.c.values = args.c.At(rows.first, std::ptrdiff_t{panel} * kColumns);
      functions[static_cast<std::size_t>(rows.count - 1)](tile);
    }
  }
}

template <class Dot>
DotGemm MakeDotGemm() {
  return {.a_type = Dot::kAType,
          .b_bytes = static_cast<int>(kGroupBytes) / Dot::kGroup,
          .group = Dot::kGroup,
          .a_offset = Dot::kAOffset,
          .is_native = Dot::kIsNative,
          .columns = kColumns,
          .rows = kMaxRows,
          .run = &RunDotGemm<Dot>};
}

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

// SPDX-License-Identifier: Apache-2.0
// The loop of products whose elements are multiplied in groups of four bytes, for any way of multiplying them.
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

// What the including file's functions may use beside the target's own instructions: ",name" or nothing.
#ifndef POSENET_EXTRA_INSTRUCTIONS
#define POSENET_EXTRA_INSTRUCTIONS ""
#endif
#ifdef HWY_TARGET_STR
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR POSENET_EXTRA_INSTRUCTIONS)
#endif
namespace posenet::nn::HWY_NAMESPACE {
namespace {

/// Elements of A and B that are multiplied in one step, for each row and each column.
constexpr std::ptrdiff_t kGroupBytes = 4;

// A product takes a register before it is added where there is no dot product that adds, on NEON as well.
constexpr int kMaxVectors = 2;
constexpr int kColumns = kMaxVectors * kLanes;

/// Of a panel: bias, scale, and what the sums start with, as far as they are there.
template <class Dot>
constexpr std::ptrdiff_t kHeaderBytes = kColumns* std::ptrdiff_t{sizeof(float)} *
                                        (1 + (Dot::kHasScale ? 1 : 0) + (Dot::kAOffset != 0 ? 1 : 0));

struct DotTile {
  const std::byte* const* rows;
  std::ptrdiff_t steps;
  const std::byte* panel;
  Target c;
  int columns;
  Clamp clamp;
};

/// A Dot is a way of multiplying: its Sums (of one vector of columns), how they start and end, and Add, which adds the
/// products of a group of A (broadcast) with the groups of B of these columns.
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
  // At least one step; a loop that might not run at all would make the compiler keep the sums in memory.
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
  V results[kRows][kVectors];
  for (int v = 0; v < kVectors; ++v) {
    for (int r = 0; r < kRows; ++r) results[r][v] = Dot::Finish(sums[r][v], bias + v * kLanes);
  }
  StoreTile<kRows, kVectors>(results, tile.clamp, tile.columns, tile.c);
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
  const int tile_count = (args.rows + kMaxRows - 1) / kMaxRows;
  const int panel_count = (args.columns + kColumns - 1) / kColumns;
  for (int panel = 0; panel < panel_count; ++panel) {
    const std::ptrdiff_t first_column = std::ptrdiff_t{panel} * kColumns;
    for (int t = 0; t < tile_count; ++t) {
      const RowRange rows = RowsOfTile(args.rows, tile_count, t);
      const std::byte* pointers[kMaxRows];
      for (int r = 0; r < rows.count; ++r) {
        pointers[r] = static_cast<const std::byte*>(args.a) + (rows.first + r) * args.a_stride * kElementBytes;
      }
      const DotTile tile = {
          .rows = pointers,
          .steps = steps,
          .panel = args.panels + panel * panel_bytes,
          .c = {.values = args.c.At(rows.first, first_column), .step = args.c.step, .type = args.c.type},
          .columns = std::min(kColumns, args.columns - panel * kColumns),
          .clamp = args.clamp};
      const int vectors = (tile.columns + kLanes - 1) / kLanes;
      kDotTiles<Dot>[static_cast<std::size_t>(vectors - 1)][static_cast<std::size_t>(rows.count - 1)](tile);
    }
  }
}

template <class Dot>
DotGemm MakeDotGemm() {
  return {.a_type = Dot::kAType,
          .b_bytes = static_cast<int>(kGroupBytes) / Dot::kGroup,
          .group = Dot::kGroup,
          .has_scale = Dot::kHasScale,
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

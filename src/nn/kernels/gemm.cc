// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/gemm.cc"
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#include <algorithm>
#include <array>
#include <utility>

#include "nn/kernels/tile_store-inl.h"

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

// Vectors of a register tile. Four short ones are 16 columns, which divide the channel counts of most networks.
#if HWY_TARGET == HWY_NEON || HWY_TARGET == HWY_WASM
constexpr int kMaxVectors = 4;
#else
constexpr int kMaxVectors = 2;
#endif
constexpr int kColumns = kMaxVectors * kLanes;

constexpr std::size_t kFirstLevelBytes = 32 * 1024;

struct Tile {
  const float* const* stretches;
  std::ptrdiff_t stretch_stride;
  std::ptrdiff_t stretch_offset;
  int stretch_count;
  std::ptrdiff_t depth;
  const float* panel;
  OutputView c;
  int columns;
  Clamp clamp;
};

// One tile of C: kRows rows of the first kVectors vectors of a panel.
template <int kRows, int kVectors>
void ComputeTile(const Tile& tile) {
  const D d;
  V sums[kRows][kVectors];
  for (int v = 0; v < kVectors; ++v) {
    const V bias = hn::LoadU(d, tile.panel + v * kLanes);
    for (int r = 0; r < kRows; ++r) sums[r][v] = bias;
  }
  const float* HWY_RESTRICT b = tile.panel + kColumns;
  const float* const* stretch = tile.stretches;
  // Both counts are at least 1: for a loop that might not run at all, the compiler would keep the sums in memory too.
  int stretches_left = tile.stretch_count;
  do {
    const float* HWY_RESTRICT a[kRows];
    for (int r = 0; r < kRows; ++r) a[r] = stretch[r] + tile.stretch_offset;
    std::ptrdiff_t k = 0;
    do {
      V b_row[kVectors];
      for (int v = 0; v < kVectors; ++v) b_row[v] = hn::LoadU(d, b + v * kLanes);
      for (int r = 0; r < kRows; ++r) {
        const V a_element = hn::Set(d, a[r][k]);
        for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(a_element, b_row[v], sums[r][v]);
      }
      b += kColumns;
    } while (++k < tile.depth);
    stretch += tile.stretch_stride;
  } while (--stretches_left > 0);
  StoreTile<kRows, kVectors>(sums, tile.clamp, tile.columns, tile.c);
}

using TileFunction = void (*)(const Tile& tile);

template <int kVectors, int... kRowsLessOne>
constexpr std::array<TileFunction, kMaxRows> TilesOfVectors(std::integer_sequence<int, kRowsLessOne...>) {
  return {&ComputeTile<kRowsLessOne + 1, kVectors>...};
}

template <int... kVectorsLessOne>
constexpr std::array<std::array<TileFunction, kMaxRows>, kMaxVectors> AllTiles(
    std::integer_sequence<int, kVectorsLessOne...>) {
  return {TilesOfVectors<kVectorsLessOne + 1>(std::make_integer_sequence<int, kMaxRows>())...};
}

// Indexed by vectors - 1 and rows - 1.
constexpr auto kTiles = AllTiles(std::make_integer_sequence<int, kMaxVectors>());

void ComputeRowsOfPanel(const GemmArgs& args, int panel, RowRange rows) {
  const float* pointers[kMaxRows];
  Tile tile = {.stretches = args.stretches + rows.first,
               .stretch_stride = args.stretch_stride,
               .stretch_offset = args.stretch_offset,
               .stretch_count = args.stretch_count,
               .depth = args.depth,
               .panel = args.panels + std::ptrdiff_t{panel} * kColumns * (1 + args.stretch_count * args.depth),
               .c = args.c.From(rows.first, std::ptrdiff_t{panel} * kColumns),
               .columns = std::min(kColumns, args.columns - panel * kColumns),
               .clamp = args.clamp};
  if (args.stretches == nullptr) {
    for (int r = 0; r < rows.count; ++r) pointers[r] = args.a + (rows.first + r) * args.a_stride;
    tile.stretches = pointers;
  }
  // The last panel may be padded by whole vectors.
  const int vectors = (tile.columns + kLanes - 1) / kLanes;
  kTiles[static_cast<std::size_t>(vectors - 1)][static_cast<std::size_t>(rows.count - 1)](tile);
}

void Gemm(const GemmArgs& args) {
  const RowTiles tiles(args.rows);
  const int panel_count = (args.columns + kColumns - 1) / kColumns;
  const std::size_t b_bytes = sizeof(float) * kColumns * static_cast<std::size_t>(panel_count) *
                              static_cast<std::size_t>(args.stretch_count * args.depth);
  // If all of B fits into the first-level cache, each element of A is read once and each cache line of C written once.
  // Otherwise one panel at a time stays in the cache while the rows of A pass through it.
  if (b_bytes <= kFirstLevelBytes / 2) {
    for (int t = 0; t < tiles.count(); ++t) {
      const RowRange rows = tiles[t];
      for (int panel = 0; panel < panel_count; ++panel) ComputeRowsOfPanel(args, panel, rows);
    }
    return;
  }
  for (int panel = 0; panel < panel_count; ++panel) {
    for (int t = 0; t < tiles.count(); ++t) ComputeRowsOfPanel(args, panel, tiles[t]);
  }
}

void SetKernels(Kernels& kernels) {
  kernels.gemm = &Gemm;
  kernels.gemm_rows = kMaxRows;
  kernels.gemm_columns = kColumns;
}

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
POSENET_EXPORT_KERNELS(SetGemmKernels)
#endif

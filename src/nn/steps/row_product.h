// SPDX-License-Identifier: Apache-2.0
// Rows times a packed matrix, in any precision.
#ifndef POSENET_NN_STEPS_ROW_PRODUCT_H_
#define POSENET_NN_STEPS_ROW_PRODUCT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "nn/kernels/kernels.h"
#include "nn/packing/packing.h"

namespace posenet::nn {

/// Rows of elements of PackedMatrices::RowType, `step` elements apart.
struct RowBlock {
  const void* values = nullptr;
  std::ptrdiff_t step = 0;
  int count = 0;
};

struct PanelRange {
  int first = 0;
  int count = 0;
};

/// Copies rows of bytes to `wide` as 16-bit integers: the only case in which values are not stored as their product
/// reads them. Returns the copy.
inline const void* WidenBytes(const RowBlock& rows, std::byte* wide) {
  const auto* const bytes = static_cast<const std::uint8_t*>(rows.values);
  auto* const words = reinterpret_cast<std::int16_t*>(wide);
  std::copy_n(bytes, std::ptrdiff_t{rows.count} * rows.step, words);
  return words;
}

/// Multiplies `rows` with some panels of `matrices`, which must be one matrix of one stretch. `c` is the whole product:
/// row 0, column 0 of it.
inline void MultiplyRows(const Kernels& kernels, const PackedMatrices& matrices, const RowBlock& rows,
                         const PanelRange& panels, const OutputView& c, const Clamp& clamp) {
  const int first_column = panels.first * matrices.panel_columns;
  const int columns = std::min(panels.count * matrices.panel_columns, matrices.columns - first_column);
  if (matrices.dot != nullptr) {
    matrices.dot->run({.a = rows.values,
                       .a_stride = rows.step,
                       .depth = matrices.depth,
                       .rows = rows.count,
                       .panels = matrices.Panel(0, panels.first),
                       .columns = columns,
                       .c = c.From(0, first_column),
                       .clamp = clamp});
    return;
  }
  GemmArgs args;
  args.a = static_cast<const float*>(rows.values);
  args.a_stride = rows.step;
  args.depth = matrices.depth;
  args.rows = rows.count;
  args.panels = matrices.FloatPanel(0, panels.first);
  args.columns = columns;
  args.c = c.From(0, first_column);
  args.clamp = clamp;
  kernels.gemm(args);
}

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_ROW_PRODUCT_H_

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

/// Converts rows of a value that is not stored as PackedMatrices::RowType, and writes them to `converted`: bytes become
/// 16-bit integers, floats are rounded. The rows must be adjacent. Returns `converted`.
inline const void* ConvertRows(const Kernels& kernels, const PackedMatrices& matrices, ElementType type,
                               const RowBlock& rows, std::byte* converted) {
  if (type == ElementType::kUint8) {
    std::copy_n(static_cast<const std::uint8_t*>(rows.values), std::ptrdiff_t{rows.count} * rows.step,
                reinterpret_cast<std::int16_t*>(converted));
    return converted;
  }
  const bool is_integer = !matrices.row_factors.empty();
  kernels.round({.input = static_cast<const float*>(rows.values),
                 .input_step = rows.step,
                 .rows = rows.count,
                 .columns = matrices.depth,
                 .factors = is_integer ? matrices.row_factors.data() : nullptr,
                 .zero_points = is_integer ? matrices.row_zero_points.data() : nullptr,
                 .output = {.values = converted, .step = rows.step, .type = matrices.RowType()}});
  return converted;
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

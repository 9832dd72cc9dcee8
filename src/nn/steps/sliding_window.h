// SPDX-License-Identifier: Apache-2.0
// The input cells under a window's taps as it slides over an input of known size.
#ifndef POSENET_NN_STEPS_SLIDING_WINDOW_H_
#define POSENET_NN_STEPS_SLIDING_WINDOW_H_

#include <algorithm>
#include <cstddef>
#include <utility>

#include "nn/graph/element_type.h"
#include "nn/graph/network.h"
#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// The taps of a window that lie on the input, along one axis, at one position.
struct CoveredTaps {
  int first = 0;
  int count = 0;            // May be 0.
  std::ptrdiff_t cell = 0;  // The input cell under the first of them.
};

/// One axis of a window.
class WindowAxis {
 public:
  WindowAxis(int kernel, int stride, int dilation, int padding_before, int input)
      : kernel_(kernel), stride_(stride), dilation_(dilation), padding_(padding_before), input_(input) {}

  [[nodiscard]] CoveredTaps TapsAt(int position) const {
    const std::ptrdiff_t start = position * stride_ - padding_;
    const std::ptrdiff_t first = start < 0 ? (-start + dilation_ - 1) / dilation_ : 0;
    const std::ptrdiff_t end = start < input_ ? std::min(kernel_, (input_ - 1 - start) / dilation_ + 1) : 0;
    if (end <= first) return {};
    return {static_cast<int>(first), static_cast<int>(end - first), start + first * dilation_};
  }

  /// The positions [first, second) that have all their taps on the input.
  [[nodiscard]] std::pair<int, int> InnerPositions(int position_count) const {
    const std::ptrdiff_t slack = input_ - 1 - (kernel_ - 1) * dilation_ + padding_;
    const std::ptrdiff_t first = std::min<std::ptrdiff_t>((padding_ + stride_ - 1) / stride_, position_count);
    const std::ptrdiff_t end = slack < 0 ? 0 : std::min<std::ptrdiff_t>(slack / stride_ + 1, position_count);
    return {static_cast<int>(first), static_cast<int>(std::max(first, end))};
  }

  [[nodiscard]] std::ptrdiff_t stride() const { return stride_; }
  [[nodiscard]] std::ptrdiff_t dilation() const { return dilation_; }
  [[nodiscard]] int kernel() const { return static_cast<int>(kernel_); }
  /// The input cell under tap `tap` at `position`; may lie outside of the input.
  [[nodiscard]] std::ptrdiff_t CellOf(int position, int tap) const {
    return position * stride_ - padding_ + tap * dilation_;
  }
  [[nodiscard]] bool IsOnInput(std::ptrdiff_t cell) const { return cell >= 0 && cell < input_; }

 private:
  std::ptrdiff_t kernel_;
  std::ptrdiff_t stride_;
  std::ptrdiff_t dilation_;
  std::ptrdiff_t padding_;
  std::ptrdiff_t input_;
};

/// Rows of a window's input in memory, from row `first_row` on; rows are numbered across the images of the batch.
struct InputRows {
  const void* values = nullptr;
  ElementType type = ElementType::kFloat32;
  std::ptrdiff_t first_row = 0;
};

/// A window on an input of known shape.
struct SlidingWindow {
  SlidingWindow(const Window& window, const Shape& input_shape, const Shape& output_shape)
      : SlidingWindow(window, ResolvePadding(window, input_shape.height, input_shape.width), input_shape,
                      output_shape) {}

  WindowAxis rows;
  WindowAxis columns;
  Shape input;
  Shape output;

  /// The number of row `cell` of the input's image `image` across the images of the batch.
  [[nodiscard]] std::ptrdiff_t InputRow(int image, std::ptrdiff_t cell) const {
    return std::ptrdiff_t{image} * input.height + cell;
  }

  /// The rows [first, second) of an input image that output rows [begin, end) of that image read; none if they are
  /// equal.
  [[nodiscard]] std::pair<std::ptrdiff_t, std::ptrdiff_t> InputRowsOf(int begin, int end) const {
    std::ptrdiff_t first_cell = input.height;
    std::ptrdiff_t end_cell = 0;
    for (int row = begin; row < end; ++row) {
      const CoveredTaps taps = rows.TapsAt(row);
      first_cell = std::min(first_cell, taps.cell);
      end_cell = std::max(end_cell, taps.cell + (taps.count - 1) * rows.dilation() + 1);
    }
    return {first_cell, end_cell};
  }

  /// Splits positions [begin, end) of output row `row` (rows are numbered across the images of the batch) into runs of
  /// positions that cover the same taps, and calls function(args, first_tap_row, first_tap_column) for each run. The
  /// result of position `begin` is row 0 of `results`, that of the next position row 1, and so on.
  template <typename Function>
  void ForEachRun(const InputRows& input_rows, int row, int begin, int end, const OutputView& results,
                  Function function) const {
    const CoveredTaps taps_y = rows.TapsAt(row % output.height);
    const std::ptrdiff_t input_row_elements = std::ptrdiff_t{input.width} * input.channels;
    const std::ptrdiff_t first_row = InputRow(row / output.height, taps_y.cell) - input_rows.first_row;
    WindowArgs args;
    args.tap_row_step = rows.dilation() * input_row_elements;
    args.tap_column_step = columns.dilation() * input.channels;
    args.input_step = columns.stride() * input.channels;
    args.tap_rows = taps_y.count;
    args.channels = input.channels;
    const auto [inner_begin, inner_end] = columns.InnerPositions(output.width);
    for (int x = begin; x < end; x += args.positions) {
      const CoveredTaps taps_x = columns.TapsAt(x);
      args.tap_columns = taps_x.count;
      args.input = static_cast<const std::byte*>(input_rows.values) +
                   (first_row * input_row_elements + taps_x.cell * input.channels) * BytesOf(input_rows.type);
      args.output = results.From(x - begin, 0);
      args.positions = x >= inner_begin && x < inner_end ? std::min(inner_end, end) - x : 1;
      function(args, taps_y.first, taps_x.first);
    }
  }

 private:
  SlidingWindow(const Window& window, const Padding& padding, const Shape& input_shape, const Shape& output_shape)
      : rows(window.kernel_height, window.stride_height, window.dilation_height, padding.top, input_shape.height),
        columns(window.kernel_width, window.stride_width, window.dilation_width, padding.left, input_shape.width),
        input(input_shape),
        output(output_shape) {}
};

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_SLIDING_WINDOW_H_

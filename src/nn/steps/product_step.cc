// SPDX-License-Identifier: Apache-2.0
// Convolutions and fully connected layers as matrix products.
#include <algorithm>
#include <cstdint>

#include "nn/steps/activation.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/product_split.h"
#include "nn/steps/row_product.h"
#include "nn/steps/sliding_window.h"

namespace posenet::nn {
namespace {

// Pointwise convolutions and fully connected layers: the input is the matrix.
class ProductStep final : public Step {
 public:
  ProductStep(const LayerContext& context, Activation activation, std::int64_t rows)
      : Step(context.inputs, {context.output}),
        kernels_(context.kernels),
        matrices_(std::get<PackedMatrices>(context.packed)),
        input_type_(context.InputType()),
        output_type_(context.OutputType()),
        activation_(activation),
        rows_(static_cast<int>(rows)),
        max_rows_(RowsOfBlock(kBlockBytes, matrices_.depth * BytesOf(matrices_.RowType()), matrices_.tile_rows)) {}

  [[nodiscard]] std::size_t scratch_bytes() const override {
    if (input_type_ == matrices_.RowType()) return 0;
    return static_cast<std::size_t>(max_rows_ * std::int64_t{matrices_.depth} * BytesOf(matrices_.RowType()));
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const ProductSplit split =
        SplitProduct(rows_, matrices_.PanelCount(), max_rows_, matrices_.tile_rows, pool.thread_count());
    const auto* const input = static_cast<const std::byte*>(workspace.Data(reads()[0]));
    const OutputView output = {.values = workspace.Data(writes()[0]), .step = matrices_.columns, .type = output_type_};
    workspace.ForEachTask(pool, split.task_count(), [&](int task, std::byte* scratch) {
      const int first_row = task / split.panel_tasks * split.rows_per_task;
      const PanelRange panels = {.first = task % split.panel_tasks * split.panels_per_task,
                                 .count = split.panels_per_task};
      RowBlock rows = {.values = input + std::ptrdiff_t{first_row} * matrices_.depth * BytesOf(input_type_),
                       .step = matrices_.depth,
                       .count = std::min(split.rows_per_task, rows_ - first_row)};
      if (input_type_ != matrices_.RowType()) {
        rows.values = ConvertRows(kernels_, matrices_, input_type_, rows, scratch);
      }
      const OutputView c = output.From(first_row, 0);
      MultiplyRows(kernels_, matrices_, rows, panels, c, ClampOf(activation_, output_type_));
      const int first_column = panels.first * matrices_.panel_columns;
      FinishActivation(activation_, kernels_, c.From(0, first_column), rows.count,
                       std::min(panels.count * matrices_.panel_columns, matrices_.columns - first_column));
    });
  }

 private:
  const Kernels& kernels_;
  const PackedMatrices& matrices_;
  ElementType input_type_;
  ElementType output_type_;
  Activation activation_;
  int rows_;
  int max_rows_;
};

// Every other convolution, as a product whose rows are windows. Rows are not copied into one place: each is a list of
// pointers to stretches of the input, one for each tap (or row of taps, if those are joined), or to zeros if the tap
// lies on the padding.
class WindowProductStep final : public Step {
 public:
  WindowProductStep(const Conv2d& conv, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        kernels_(context.kernels),
        matrices_(std::get<PackedMatrices>(context.packed)),
        window_(conv.window, context.InputShape(), context.OutputShape()),
        groups_(conv.groups),
        output_type_(context.OutputType()),
        activation_(conv.activation),
        joins_taps_(JoinsTapsOfRow(conv, context.InputShape().channels)),
        zeros_(static_cast<std::size_t>(joins_taps_ ? matrices_.depth : context.InputShape().channels)) {
    constexpr int kMaxBlockRows = 256;
    constexpr int kMaxPointers = 32 * 1024 / sizeof(float*);  // They fill a first-level cache.
    rows_per_block_ = std::min(RowsOfBlock(kMaxPointers, matrices_.stretch_count, kernels_.gemm_rows),
                               RowsOfBlock(kMaxBlockRows, 1, kernels_.gemm_rows));
  }

  [[nodiscard]] std::size_t scratch_bytes() const override {
    const std::size_t stretches = StretchesPerBlock();
    const std::size_t copies = joins_taps_ ? stretches * static_cast<std::size_t>(matrices_.depth) : 0;
    return stretches * sizeof(const float*) + copies * sizeof(float);
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const auto rows =
        static_cast<int>(std::int64_t{window_.output.batch} * window_.output.height * window_.output.width);
    const ProductSplit split =
        SplitProduct(rows, matrices_.PanelCount(), rows_per_block_, kernels_.gemm_rows, pool.thread_count());
    const float* const input = workspace.Value(reads()[0]);
    const OutputView output = {
        .values = workspace.Data(writes()[0]), .step = window_.output.channels, .type = output_type_};
    workspace.ForEachTask(pool, split.task_count(), [&](int task, std::byte* scratch) {
      const int first_row = task / split.panel_tasks * split.rows_per_task;
      const int row_count = std::min(split.rows_per_task, rows - first_row);
      auto* const stretches = reinterpret_cast<const float**>(scratch);
      PointToStretches(input, first_row, row_count, stretches,
                       reinterpret_cast<float*>(scratch + StretchesPerBlock() * sizeof(const float*)));
      const int first_panel = task % split.panel_tasks * split.panels_per_task;
      for (int group = 0; group < groups_; ++group) {
        Multiply(group, first_panel, split.panels_per_task, row_count, stretches, output.From(first_row, 0));
      }
    });
  }

 private:
  [[nodiscard]] std::size_t StretchesPerBlock() const {
    return static_cast<std::size_t>(rows_per_block_) * static_cast<std::size_t>(matrices_.stretch_count);
  }

  void Multiply(int group, int first_panel, int panel_count, int rows, const float* const* stretches,
                const OutputView& output) const {
    const int first_column = first_panel * matrices_.panel_columns;
    GemmArgs args;
    args.stretches = stretches;
    args.stretch_stride = rows;
    args.stretch_offset = std::ptrdiff_t{group} * (window_.input.channels / groups_);
    args.stretch_count = matrices_.stretch_count;
    args.depth = matrices_.depth;
    args.rows = rows;
    args.panels = matrices_.FloatPanel(group, first_panel);
    args.columns = std::min(panel_count * matrices_.panel_columns, matrices_.columns - first_column);
    args.c = output.From(0, std::ptrdiff_t{group} * matrices_.columns + first_column);
    args.clamp = ClampOf(activation_, output_type_);
    kernels_.gemm(args);
    FinishActivation(activation_, kernels_, args.c, args.rows, args.columns);
  }

  // Fills stretches[stretch * row_count + row].
  void PointToStretches(const float* input, int first_row, int row_count, const float** stretches,
                        float* copies) const {
    const Shape& in = window_.input;
    const Shape& out = window_.output;
    int length = 0;
    for (int row = 0; row < row_count; row += length) {
      const int x = (first_row + row) % out.width;
      const int y = (first_row + row) / out.width % out.height;
      const std::ptrdiff_t image = (first_row + row) / out.width / out.height;
      length = std::min(out.width - x, row_count - row);
      for (int tap_row = 0; tap_row < window_.rows.kernel(); ++tap_row) {
        const std::ptrdiff_t cell_y = window_.rows.CellOf(y, tap_row);
        const float* const input_row =
            window_.rows.IsOnInput(cell_y) ? input + (image * in.height + cell_y) * in.width * in.channels : nullptr;
        if (joins_taps_) {
          const std::ptrdiff_t first = std::ptrdiff_t{tap_row} * row_count + row;
          PointToJoinedTaps(input_row, x, length, stretches + first, copies + first * matrices_.depth);
        } else {
          const std::ptrdiff_t first = std::ptrdiff_t{tap_row} * window_.columns.kernel() * row_count + row;
          PointToTaps(input_row, x, length, row_count, stretches + first);
        }
      }
    }
  }

  // Points to the taps of positions [x, x + length) on `input_row`, which is null for a row of padding.
  void PointToTaps(const float* input_row, int x, int length, int row_count, const float** stretches) const {
    for (int tap = 0; tap < window_.columns.kernel(); ++tap, stretches += row_count) {
      for (int i = 0; i < length; ++i) {
        const std::ptrdiff_t cell = window_.columns.CellOf(x + i, tap);
        const bool on_input = input_row != nullptr && window_.columns.IsOnInput(cell);
        stretches[i] = on_input ? input_row + cell * window_.input.channels : zeros_.data();
      }
    }
  }

  // The same for taps that are read as one stretch. If some of them lie on the padding, they are copied to `copies`.
  void PointToJoinedTaps(const float* input_row, int x, int length, const float** stretches, float* copies) const {
    const std::ptrdiff_t channels = window_.input.channels;
    const auto [inner_begin, inner_end] = window_.columns.InnerPositions(window_.output.width);
    for (int i = 0; i < length; ++i, copies += matrices_.depth) {
      if (input_row == nullptr) {
        stretches[i] = zeros_.data();
      } else if (x + i >= inner_begin && x + i < inner_end) {
        stretches[i] = input_row + window_.columns.CellOf(x + i, 0) * channels;
      } else {
        const CoveredTaps taps = window_.columns.TapsAt(x + i);
        std::fill_n(copies, matrices_.depth, 0.0F);
        std::copy_n(input_row + taps.cell * channels, taps.count * channels, copies + taps.first * channels);
        stretches[i] = copies;
      }
    }
  }

  const Kernels& kernels_;
  const PackedMatrices& matrices_;
  SlidingWindow window_;
  int groups_;
  ElementType output_type_;
  Activation activation_;
  bool joins_taps_;
  std::vector<float> zeros_;
  int rows_per_block_ = 0;
};

}  // namespace

std::unique_ptr<Step> MakeConvStep(const Conv2d& conv, const LayerContext& context) {
  if (std::holds_alternative<PackedDepthwise>(context.packed)) return MakeDepthwiseStep(conv, context);
  if (std::holds_alternative<PackedWinograd>(context.packed)) return MakeWinogradStep(conv, context);
  if (IsPointwise(conv)) {
    const Shape& shape = context.OutputShape();
    return std::make_unique<ProductStep>(context, conv.activation,
                                         std::int64_t{shape.batch} * shape.height * shape.width);
  }
  return std::make_unique<WindowProductStep>(conv, context);
}

std::unique_ptr<Step> MakeFullyConnectedStep(const FullyConnected& layer, const LayerContext& context) {
  return std::make_unique<ProductStep>(context, layer.activation, context.OutputShape().batch);
}

}  // namespace posenet::nn

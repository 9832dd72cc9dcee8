// SPDX-License-Identifier: Apache-2.0
// Depthwise convolutions, alone and fused with the pointwise convolution that follows.
#include <algorithm>
#include <cstdint>

#include "nn/steps/activation.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/product_split.h"
#include "nn/steps/row_product.h"
#include "nn/steps/sliding_window.h"

namespace posenet::nn {
namespace {

// Depthwise results that a task computes before it multiplies them: a quarter of a second-level cache of 512 KiB, which
// they share with the input rows that they are computed from and the panels.
constexpr std::int64_t kFusedBlockBytes = 128 * 1024;

// A depthwise convolution, computed for any range of its output.
class DepthwiseLayer {
 public:
  DepthwiseLayer(const Conv2d& conv, const LayerContext& context)
      : kernels_(context.kernels),
        packed_(std::get<PackedDepthwise>(context.packed)),
        window_(conv.window, context.InputShape(), context.OutputShape()),
        input_type_(context.InputType()),
        activation_(conv.activation) {}

  [[nodiscard]] const Shape& output_shape() const { return window_.output; }

  // Computes positions [first, first + count), numbered across the rows of all images.
  void Compute(const void* input, int first, int count, const OutputView& output) const {
    for (int done = 0; done < count;) {
      const int x = (first + done) % window_.output.width;
      const int length = std::min(window_.output.width - x, count - done);
      ComputeRow(input, (first + done) / window_.output.width, x, x + length, output.From(done, 0));
      done += length;
    }
    FinishActivation(activation_, kernels_, output, count, window_.output.channels);
  }

 private:
  void ComputeRow(const void* input, int row, int begin, int end, const OutputView& output) const {
    DepthwiseArgs args;
    args.weights_row_step = std::ptrdiff_t{window_.columns.kernel()} * window_.input.channels;
    args.bias = packed_.bias;
    args.input_type = input_type_;
    args.clamp = ClampOf(activation_, output.type);
    window_.ForEachRun(input, input_type_, row, begin, end, output,
                       [&](const WindowArgs& run, std::ptrdiff_t tap_row, std::ptrdiff_t tap_column) {
                         args.window = run;
                         args.weights = packed_.weights.get() + tap_row * args.weights_row_step +
                                        tap_column * window_.input.channels;
                         kernels_.depthwise(args);
                       });
  }

  const Kernels& kernels_;
  const PackedDepthwise& packed_;
  SlidingWindow window_;
  ElementType input_type_;
  Activation activation_;
};

class DepthwiseStep final : public Step {
 public:
  DepthwiseStep(const Conv2d& conv, const LayerContext& context)
      : Step(context.inputs, {context.output}), layer_(conv, context), output_type_(context.OutputType()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const Shape& shape = layer_.output_shape();
    const void* const input = workspace.Data(reads()[0]);
    const OutputView output = {.values = workspace.Data(writes()[0]), .step = shape.channels, .type = output_type_};
    workspace.ForEachTask(pool, shape.batch * shape.height, [&](int row, std::byte*) {
      layer_.Compute(input, row * shape.width, shape.width, output.From(std::ptrdiff_t{row} * shape.width, 0));
    });
  }

 private:
  DepthwiseLayer layer_;
  ElementType output_type_;
};

// The depthwise result is never written to memory: each task computes a block of it into its scratch, which is still in
// a cache when the product reads it.
class DepthwiseProductStep final : public Step {
 public:
  DepthwiseProductStep(const Conv2d& depthwise, const LayerContext& depthwise_context, const Conv2d& pointwise,
                       const LayerContext& pointwise_context)
      : Step(depthwise_context.inputs, {pointwise_context.output}),
        kernels_(pointwise_context.kernels),
        layer_(depthwise, depthwise_context),
        matrices_(std::get<PackedMatrices>(pointwise_context.packed)),
        output_type_(pointwise_context.OutputType()),
        activation_(pointwise.activation),
        // Padded by a cache line: rows a multiple of 2 KiB apart would share one set of the first-level cache.
        row_step_(matrices_.depth + static_cast<std::ptrdiff_t>(kAlignmentBytes) / BytesOf(matrices_.RowType())),
        max_rows_(RowsOfBlock(kFusedBlockBytes, RowBytes(), matrices_.tile_rows)) {}

  [[nodiscard]] std::size_t scratch_bytes() const override { return static_cast<std::size_t>(max_rows_ * RowBytes()); }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const Shape& shape = layer_.output_shape();
    const auto rows = static_cast<int>(std::int64_t{shape.batch} * shape.height * shape.width);
    const int wanted_tasks = pool.thread_count() == 1 ? 1 : pool.thread_count() * kTasksPerThread;
    const int rows_per_task =
        std::min(max_rows_, CeilDivide(CeilDivide(rows, wanted_tasks), matrices_.tile_rows) * matrices_.tile_rows);
    const void* const input = workspace.Data(reads()[0]);
    const OutputView output = {.values = workspace.Data(writes()[0]), .step = matrices_.columns, .type = output_type_};
    workspace.ForEachTask(pool, CeilDivide(rows, rows_per_task), [&](int task, std::byte* scratch) {
      const int first = task * rows_per_task;
      const int count = std::min(rows_per_task, rows - first);
      layer_.Compute(input, first, count, {.values = scratch, .step = row_step_, .type = matrices_.RowType()});
      const OutputView c = output.From(first, 0);
      MultiplyRows(kernels_, matrices_, {.values = scratch, .step = row_step_, .count = count},
                   {.first = 0, .count = matrices_.PanelCount()}, c, ClampOf(activation_, output_type_));
      FinishActivation(activation_, kernels_, c, count, matrices_.columns);
    });
  }

 private:
  [[nodiscard]] std::ptrdiff_t RowBytes() const { return row_step_ * BytesOf(matrices_.RowType()); }

  const Kernels& kernels_;
  DepthwiseLayer layer_;
  const PackedMatrices& matrices_;
  ElementType output_type_;
  Activation activation_;
  std::ptrdiff_t row_step_;
  int max_rows_;
};

}  // namespace

std::unique_ptr<Step> MakeDepthwiseStep(const Conv2d& conv, const LayerContext& context) {
  return std::make_unique<DepthwiseStep>(conv, context);
}

bool IsWorthFusing(const PackedMatrices& pointwise, const Shape& depthwise_output) {
  // In low precision a block has many rows.
  if (pointwise.dot != nullptr) return true;
  // Measured (Zen 3, layers of MobileNetV1 at 257 and 513): smaller results stay in the caches anyway, and fusing costs
  // up to 2 %; from 2 MiB on it gains up to 20 %. With more channels a block has so few rows that fetching the panels
  // again for each block costs more than that.
  constexpr std::int64_t kMinFloats = 3 * 512 * 1024 / sizeof(float);
  constexpr int kMaxChannels = 512;
  return depthwise_output.ElementCount() >= kMinFloats && depthwise_output.channels <= kMaxChannels;
}

std::unique_ptr<Step> MakeDepthwiseProductStep(const Conv2d& depthwise, const LayerContext& depthwise_context,
                                               const Conv2d& pointwise, const LayerContext& pointwise_context) {
  return std::make_unique<DepthwiseProductStep>(depthwise, depthwise_context, pointwise, pointwise_context);
}

}  // namespace posenet::nn

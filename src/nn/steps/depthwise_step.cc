// SPDX-License-Identifier: Apache-2.0
// Depthwise convolutions, alone and fused with the pointwise convolution that follows.
#include <algorithm>
#include <cstdint>

#include "nn/steps/activation.h"
#include "nn/steps/depthwise_layer.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/product_split.h"
#include "nn/steps/row_product.h"

namespace posenet::nn {
namespace {

// Depthwise results that a task computes before it multiplies them: a quarter of a second-level cache of 512 KiB, which
// they share with the input rows that they are computed from and the panels.
constexpr std::int64_t kFusedBlockBytes = 128 * 1024;

class DepthwiseStep final : public Step {
 public:
  DepthwiseStep(const Conv2d& conv, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        layer_(conv, context),
        input_type_(context.InputType()),
        output_type_(context.OutputType()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const Shape& shape = layer_.window().output;
    const InputRows input = {.values = workspace.Data(reads()[0]), .type = input_type_};
    const OutputView output = {.values = workspace.Data(writes()[0]), .step = shape.channels, .type = output_type_};
    workspace.ForEachTask(pool, shape.batch * shape.height, [&](int row, std::byte*) {
      layer_.Compute(input, row * shape.width, shape.width, output.From(std::ptrdiff_t{row} * shape.width, 0));
    });
  }

 private:
  DepthwiseLayer layer_;
  ElementType input_type_;
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
        input_type_(depthwise_context.InputType()),
        output_type_(pointwise_context.OutputType()),
        activation_(pointwise.activation),
        // Padded by a cache line: rows a multiple of 2 KiB apart would share one set of the first-level cache.
        row_step_(matrices_.depth + static_cast<std::ptrdiff_t>(kAlignmentBytes) / BytesOf(matrices_.RowType())),
        max_rows_(RowsOfBlock(kFusedBlockBytes, RowBytes(), matrices_.tile_rows)) {}

  [[nodiscard]] std::size_t scratch_bytes() const override { return static_cast<std::size_t>(max_rows_ * RowBytes()); }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const Shape& shape = layer_.window().output;
    const auto rows = static_cast<int>(std::int64_t{shape.batch} * shape.height * shape.width);
    const int wanted_tasks = pool.thread_count() == 1 ? 1 : pool.thread_count() * kTasksPerThread;
    const int rows_per_task =
        std::min(max_rows_, CeilDivide(CeilDivide(rows, wanted_tasks), matrices_.tile_rows) * matrices_.tile_rows);
    const InputRows input = {.values = workspace.Data(reads()[0]), .type = input_type_};
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
  ElementType input_type_;
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

// SPDX-License-Identifier: Apache-2.0
// Depthwise convolutions, alone and together with the pointwise one that follows.
#include <utility>

#include "nn/product_split.h"
#include "nn/sliding_window.h"
#include "nn/step.h"

namespace posenet::nn {
namespace {

// Depthwise results that a task computes before it multiplies them: a quarter of a second-level cache of 512 KiB,
// beside the rows of the input that they are made from and the panels.
constexpr std::int64_t kJoinedBlockFloats = 128 * 1024 / sizeof(float);

// A depthwise convolution of any stretch of its output.
class DepthwiseLayer {
 public:
  DepthwiseLayer(const Conv2d& conv, const LayerContext& context)
      : kernels_(context.kernels),
        packed_(std::get<PackedDepthwise>(context.packed)),
        window_(conv.window, context.InputShape(), context.OutputShape()),
        activation_(conv.activation) {}

  [[nodiscard]] const Shape& output_shape() const { return window_.output; }

  // Positions [first, first + count), those of all pictures and rows counted through. The result of each goes
  // `output_step` floats behind the one before it.
  void Compute(const float* input, int first, int count, float* output, std::ptrdiff_t output_step) const {
    for (int done = 0; done < count;) {
      const int x = (first + done) % window_.output.width;
      const int length = std::min(window_.output.width - x, count - done);
      ComputeRow(input, (first + done) / window_.output.width, x, x + length, output + done * output_step, output_step);
      done += length;
    }
    if (activation_ != Activation::kSigmoid) return;
    for (int i = 0; i < count; ++i) {
      kernels_.sigmoid(output + i * output_step, output + i * output_step, window_.output.channels);
    }
  }

 private:
  void ComputeRow(const float* input, int row, int begin, int end, float* output, std::ptrdiff_t output_step) const {
    DepthwiseArgs args;
    args.weights_row_step = std::ptrdiff_t{window_.columns.kernel()} * window_.input.channels;
    args.bias = packed_.bias;
    args.clamp = ClampOf(activation_);
    window_.ForEachRun(input, row, begin, end, output, output_step,
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
  Activation activation_;
};

class DepthwiseStep final : public Step {
 public:
  DepthwiseStep(const Conv2d& conv, const LayerContext& context)
      : Step(context.inputs, {context.output}), layer_(conv, context) {}

  void Run(const Workspace& workspace, ThreadPool& pool) const override {
    const Shape& shape = layer_.output_shape();
    const float* const input = workspace.Value(reads()[0]);
    float* const output = workspace.Value(writes()[0]);
    workspace.ForEachTask(pool, shape.batch * shape.height, [&](int row, float*) {
      layer_.Compute(input, row * shape.width, shape.width, output + std::ptrdiff_t{row} * shape.width * shape.channels,
                     shape.channels);
    });
  }

 private:
  DepthwiseLayer layer_;
};

// The depthwise result never gets to memory: each task computes a block of it into its scratch, which is in a cache
// when the product reads it.
class DepthwiseProductStep final : public Step {
 public:
  DepthwiseProductStep(const Conv2d& depthwise, const LayerContext& depthwise_context, const Conv2d& pointwise,
                       const LayerContext& pointwise_context)
      : Step(depthwise_context.inputs, {pointwise_context.output}),
        kernels_(pointwise_context.kernels),
        layer_(depthwise, depthwise_context),
        matrices_(std::get<PackedMatrices>(pointwise_context.packed)),
        activation_(pointwise.activation),
        // A cache line more, for rows a multiple of 2 KiB apart would fall on one place in the first-level cache.
        row_floats_(matrices_.depth + kAlignmentBytes / sizeof(float)),
        max_rows_(RowsOfBlock(kJoinedBlockFloats, row_floats_, kernels_.gemm_rows)) {}

  [[nodiscard]] std::size_t scratch_floats() const override {
    return static_cast<std::size_t>(max_rows_) * static_cast<std::size_t>(row_floats_);
  }

  void Run(const Workspace& workspace, ThreadPool& pool) const override {
    const Shape& shape = layer_.output_shape();
    const auto rows = static_cast<int>(std::int64_t{shape.batch} * shape.height * shape.width);
    const int wanted_tasks = pool.thread_count() == 1 ? 1 : pool.thread_count() * kTasksPerThread;
    const int rows_per_task =
        std::min(max_rows_, CeilDivide(CeilDivide(rows, wanted_tasks), kernels_.gemm_rows) * kernels_.gemm_rows);
    const float* const input = workspace.Value(reads()[0]);
    float* const output = workspace.Value(writes()[0]);
    workspace.ForEachTask(pool, CeilDivide(rows, rows_per_task), [&](int task, float* scratch) {
      const int first = task * rows_per_task;
      const int count = std::min(rows_per_task, rows - first);
      layer_.Compute(input, first, count, scratch, row_floats_);
      GemmArgs args;
      args.a = scratch;
      args.a_stride = row_floats_;
      args.depth = matrices_.depth;
      args.rows = count;
      args.panels = matrices_.Panel(0, 0);
      args.columns = matrices_.columns;
      args.c = output + std::ptrdiff_t{first} * matrices_.columns;
      args.c_stride = matrices_.columns;
      args.clamp = ClampOf(activation_);
      kernels_.gemm(args);
      FinishActivation(activation_, kernels_, args);
    });
  }

 private:
  const Kernels& kernels_;
  DepthwiseLayer layer_;
  const PackedMatrices& matrices_;
  Activation activation_;
  std::ptrdiff_t row_floats_;
  int max_rows_;
};

}  // namespace

std::unique_ptr<Step> MakeDepthwiseStep(const Conv2d& conv, const LayerContext& context) {
  return std::make_unique<DepthwiseStep>(conv, context);
}

bool IsWorthJoining(const Shape& depthwise_output) {
  // Measured (Zen 3, layers of MobileNetV1 at 257 and 513): smaller results stay in the caches anyway, and joining
  // costs up to 2 %; from 2 MiB on it gains up to 20 %. With more channels a block is so few rows that fetching the
  // panels again for each of them costs more than that.
  constexpr std::int64_t kMinFloats = 3 * 512 * 1024 / sizeof(float);
  constexpr int kMaxChannels = 512;
  return depthwise_output.ElementCount() >= kMinFloats && depthwise_output.channels <= kMaxChannels;
}

std::unique_ptr<Step> MakeDepthwiseProductStep(const Conv2d& depthwise, const LayerContext& depthwise_context,
                                               const Conv2d& pointwise, const LayerContext& pointwise_context) {
  return std::make_unique<DepthwiseProductStep>(depthwise, depthwise_context, pointwise, pointwise_context);
}

}  // namespace posenet::nn

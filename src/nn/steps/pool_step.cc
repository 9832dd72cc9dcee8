// SPDX-License-Identifier: Apache-2.0
// Pooling, over windows and over whole images.
#include <algorithm>

#include "nn/steps/activation.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/sliding_window.h"

namespace posenet::nn {
namespace {

class PoolStep final : public Step {
 public:
  PoolStep(const Pool& pool, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        window_(pool.window, context.InputShape(), context.OutputShape()),
        kernel_(pool.kind == PoolKind::kMax ? context.kernels.max_pool : context.kernels.average_pool) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const float* const input = workspace.Value(reads()[0]);
    float* const output = workspace.Value(writes()[0]);
    const std::ptrdiff_t row_floats = std::ptrdiff_t{window_.output.width} * window_.output.channels;
    workspace.ForEachTask(pool, window_.output.batch * window_.output.height, [&](int row, std::byte*) {
      window_.ForEachRun({.values = input}, row, 0, window_.output.width,
                         {.values = output + row * row_floats, .step = window_.output.channels},
                         [&](const WindowArgs& run, auto, auto) { kernel_(run); });
    });
  }

 private:
  SlidingWindow window_;
  void (*kernel_)(const WindowArgs& args);
};

class GlobalAveragePoolStep final : public Step {
 public:
  explicit GlobalAveragePoolStep(const LayerContext& context)
      : Step(context.inputs, {context.output}), kernels_(context.kernels), shape_(context.InputShape()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    constexpr int kChannelsPerTask = 64;
    const int tasks_per_image = (shape_.channels + kChannelsPerTask - 1) / kChannelsPerTask;
    const int cells = shape_.height * shape_.width;
    const float* const input = workspace.Value(reads()[0]);
    float* const output = workspace.Value(writes()[0]);
    workspace.ForEachTask(pool, shape_.batch * tasks_per_image, [&](int task, std::byte*) {
      const std::ptrdiff_t image = task / tasks_per_image;
      const int first = task % tasks_per_image * kChannelsPerTask;
      const int channels = std::min(kChannelsPerTask, shape_.channels - first);
      float* const means = output + image * shape_.channels + first;
      std::fill_n(means, channels, 0.0F);
      kernels_.sum_rows(input + image * cells * shape_.channels + first, shape_.channels, cells, channels, means);
      kernels_.scale(means, means, channels, 1.0F / static_cast<float>(cells), ClampOf(Activation::kNone));
    });
  }

 private:
  const Kernels& kernels_;
  Shape shape_;
};

}  // namespace

std::unique_ptr<Step> MakePoolStep(const Pool& pool, const LayerContext& context) {
  return std::make_unique<PoolStep>(pool, context);
}

std::unique_ptr<Step> MakeGlobalAveragePoolStep(const LayerContext& context) {
  return std::make_unique<GlobalAveragePoolStep>(context);
}

}  // namespace posenet::nn

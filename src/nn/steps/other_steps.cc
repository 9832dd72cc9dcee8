// SPDX-License-Identifier: Apache-2.0
// Steps without weights.
#include <cstring>
#include <utility>

#include "nn/graph/sliding_window.h"
#include "nn/steps/step.h"

namespace posenet::nn {
namespace {

// Floats that a task of an element-wise step handles: half of a first-level cache.
constexpr std::ptrdiff_t kChunkFloats = 4096;

int ChunkCount(std::int64_t count) { return static_cast<int>((count + kChunkFloats - 1) / kChunkFloats); }

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
      window_.ForEachRun(input, ElementType::kFloat32, row, 0, window_.output.width,
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

class AddStep final : public Step {
 public:
  AddStep(const Add& add, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        kernels_(context.kernels),
        activation_(add.activation),
        count_(context.OutputShape().ElementCount()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    float* const output = workspace.Value(writes()[0]);
    workspace.ForEachTask(pool, ChunkCount(count_), [&](int task, std::byte*) {
      const std::ptrdiff_t first = task * kChunkFloats;
      const auto count = static_cast<std::ptrdiff_t>(std::min<std::int64_t>(kChunkFloats, count_ - first));
      const float* sum = workspace.Value(reads()[0]) + first;
      for (std::size_t i = 1; i < reads().size(); ++i) {
        const bool last = i + 1 == reads().size();
        kernels_.add(sum, workspace.Value(reads()[i]) + first, output + first, count,
                     ClampOf(last ? activation_ : Activation::kNone));
        sum = output + first;
      }
      if (activation_ == Activation::kSigmoid) kernels_.sigmoid(output + first, output + first, count);
    });
  }

 private:
  const Kernels& kernels_;
  Activation activation_;
  std::int64_t count_;
};

class ConcatStep final : public Step {
 public:
  explicit ConcatStep(const LayerContext& context) : Step(context.inputs, {context.output}) {
    for (const int input : context.inputs) {
      channels_.push_back(context.shapes[static_cast<std::size_t>(input)].channels);
    }
    out_channels_ = context.OutputShape().channels;
    cells_ = context.OutputShape().ElementCount() / out_channels_;
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const std::int64_t cells_per_task = std::max<std::int64_t>(kChunkFloats / out_channels_, 1);
    const auto tasks = static_cast<int>((cells_ + cells_per_task - 1) / cells_per_task);
    workspace.ForEachTask(pool, tasks, [&](int task, std::byte*) {
      const std::int64_t first = task * cells_per_task;
      Copy(workspace, first, std::min(first + cells_per_task, cells_));
    });
  }

 private:
  void Copy(const Workspace& workspace, std::int64_t first_cell, std::int64_t end_cell) const {
    float* output = workspace.Value(writes()[0]);
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      const float* const input = workspace.Value(reads()[i]);
      for (std::int64_t cell = first_cell; cell < end_cell; ++cell) {
        std::copy_n(input + cell * channels_[i], channels_[i], output + cell * out_channels_);
      }
      output += channels_[i];
    }
  }

  std::vector<int> channels_;
  int out_channels_ = 0;
  std::int64_t cells_ = 0;
};

class ActivateStep final : public Step {
 public:
  ActivateStep(const Activate& activate, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        kernels_(context.kernels),
        activation_(activate.activation),
        count_(context.OutputShape().ElementCount()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    workspace.ForEachTask(pool, ChunkCount(count_), [&](int task, std::byte*) {
      const std::ptrdiff_t first = task * kChunkFloats;
      const auto count = static_cast<std::ptrdiff_t>(std::min<std::int64_t>(kChunkFloats, count_ - first));
      const float* const input = workspace.Value(reads()[0]) + first;
      float* const output = workspace.Value(writes()[0]) + first;
      if (activation_ == Activation::kSigmoid) {
        kernels_.sigmoid(input, output, count);
      } else {
        kernels_.scale(input, output, count, 1.0F, ClampOf(activation_));
      }
    });
  }

 private:
  const Kernels& kernels_;
  Activation activation_;
  std::int64_t count_;
};

}  // namespace

std::unique_ptr<Step> MakePoolStep(const Pool& pool, const LayerContext& context) {
  return std::make_unique<PoolStep>(pool, context);
}

std::unique_ptr<Step> MakeGlobalAveragePoolStep(const LayerContext& context) {
  return std::make_unique<GlobalAveragePoolStep>(context);
}

std::unique_ptr<Step> MakeAddStep(const Add& add, const LayerContext& context) {
  return std::make_unique<AddStep>(add, context);
}

std::unique_ptr<Step> MakeConcatStep(const LayerContext& context) { return std::make_unique<ConcatStep>(context); }

std::unique_ptr<Step> MakeActivateStep(const Activate& activate, const LayerContext& context) {
  return std::make_unique<ActivateStep>(activate, context);
}

}  // namespace posenet::nn

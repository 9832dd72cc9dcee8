// SPDX-License-Identifier: Apache-2.0
// Sums, concatenations and activations.
#include <algorithm>
#include <cstdint>

#include "nn/steps/activation.h"
#include "nn/steps/layer_steps.h"

namespace posenet::nn {
namespace {

class AddStep final : public Step {
 public:
  AddStep(const Add& add, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        kernels_(context.kernels),
        activation_(add.activation),
        count_(context.OutputShape().ElementCount()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    workspace.ForEachRange(pool, count_, kFloatsPerTask, [&](std::int64_t first, std::int64_t count, std::byte*) {
      float* const output = workspace.Value(writes()[0]) + first;
      const float* sum = workspace.Value(reads()[0]) + first;
      for (std::size_t i = 1; i < reads().size(); ++i) {
        const bool is_last = i + 1 == reads().size();
        kernels_.add(sum, workspace.Value(reads()[i]) + first, output, static_cast<std::ptrdiff_t>(count),
                     ClampOf(is_last ? activation_ : Activation::kNone));
        sum = output;
      }
      if (activation_ == Activation::kSigmoid) kernels_.sigmoid(output, output, static_cast<std::ptrdiff_t>(count));
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
    const std::int64_t cells_per_task = std::max<std::int64_t>(kFloatsPerTask / out_channels_, 1);
    workspace.ForEachRange(pool, cells_, cells_per_task, [&](std::int64_t first, std::int64_t count, std::byte*) {
      Copy(workspace, first, first + count);
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

  std::vector<int> channels_;  // Of each input.
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
    workspace.ForEachRange(pool, count_, kFloatsPerTask, [&](std::int64_t first, std::int64_t count, std::byte*) {
      const float* const input = workspace.Value(reads()[0]) + first;
      float* const output = workspace.Value(writes()[0]) + first;
      if (activation_ == Activation::kSigmoid) {
        kernels_.sigmoid(input, output, static_cast<std::ptrdiff_t>(count));
      } else {
        kernels_.scale(input, output, static_cast<std::ptrdiff_t>(count), 1.0F, ClampOf(activation_));
      }
    });
  }

 private:
  const Kernels& kernels_;
  Activation activation_;
  std::int64_t count_;
};

}  // namespace

std::unique_ptr<Step> MakeAddStep(const Add& add, const LayerContext& context) {
  return std::make_unique<AddStep>(add, context);
}

std::unique_ptr<Step> MakeConcatStep(const LayerContext& context) { return std::make_unique<ConcatStep>(context); }

std::unique_ptr<Step> MakeActivateStep(const Activate& activate, const LayerContext& context) {
  return std::make_unique<ActivateStep>(activate, context);
}

}  // namespace posenet::nn

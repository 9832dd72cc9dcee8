// SPDX-License-Identifier: Apache-2.0
// Normalization across channels, and dropout.
#include <algorithm>
#include <cstdint>

#include "nn/steps/dropout.h"
#include "nn/steps/step.h"

namespace posenet::nn {
namespace {

// Floats that a task handles: half of a first-level cache.
constexpr std::int64_t kNormChunkFloats = 4096;

class LocalResponseNormStep final : public Step {
 public:
  LocalResponseNormStep(const LocalResponseNorm& norm, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        kernels_(context.kernels),
        norm_(norm),
        channels_(context.OutputShape().channels),
        cells_(context.OutputShape().ElementCount() / channels_) {}

  [[nodiscard]] std::size_t scratch_bytes() const override {
    return (static_cast<std::size_t>(channels_) + 2 * static_cast<std::size_t>(Reach())) * sizeof(float);
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const std::int64_t cells_per_task = std::max<std::int64_t>(kNormChunkFloats / channels_, 1);
    const auto tasks = static_cast<int>((cells_ + cells_per_task - 1) / cells_per_task);
    workspace.ForEachTask(pool, tasks, [&](int task, std::byte* scratch) {
      const std::int64_t first = task * cells_per_task;
      NormArgs args = {.input = workspace.Value(reads()[0]) + first * channels_,
                       .output = workspace.Value(writes()[0]) + first * channels_,
                       .channels = channels_,
                       .scratch = reinterpret_cast<float*>(scratch),
                       .reach = Reach(),
                       .scale = norm_.alpha / static_cast<float>(norm_.size),
                       .beta = norm_.beta,
                       .k = norm_.k};
      std::fill_n(args.scratch, args.reach, 0.0F);
      std::fill_n(args.scratch + args.reach + channels_, args.reach, 0.0F);
      for (std::int64_t cell = first; cell < std::min(first + cells_per_task, cells_); ++cell) {
        kernels_.local_response_norm(args);
        args.input += channels_;
        args.output += channels_;
      }
    });
  }

 private:
  // Farther than all channels there are none.
  [[nodiscard]] int Reach() const { return std::min(norm_.size / 2, channels_); }

  const Kernels& kernels_;
  LocalResponseNorm norm_;
  int channels_;
  std::int64_t cells_;
};

class DropoutStep final : public Step {
 public:
  DropoutStep(const Dropout& dropout, const LayerContext& context)
      : Step(context.inputs, {context.output}), rate_(dropout.rate), count_(context.OutputShape().ElementCount()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const auto tasks = static_cast<int>((count_ + kNormChunkFloats - 1) / kNormChunkFloats);
    workspace.ForEachTask(pool, tasks, [&](int task, std::byte*) {
      const std::int64_t first = task * kNormChunkFloats;
      const std::int64_t count = std::min(kNormChunkFloats, count_ - first);
      const float* const input = workspace.Value(reads()[0]) + first;
      float* const output = workspace.Value(writes()[0]) + first;
      if (!workspace.dropout_seed) {
        std::copy_n(input, count, output);
        return;
      }
      const std::uint64_t key = DropoutKey(*workspace.dropout_seed, writes()[0]);
      const float scale = 1.0F / (1.0F - rate_);
      for (std::int64_t i = 0; i < count; ++i) {
        output[i] = IsDropped(key, first + i, rate_) ? 0.0F : input[i] * scale;
      }
    });
  }

 private:
  float rate_;
  std::int64_t count_;
};

}  // namespace

std::unique_ptr<Step> MakeLocalResponseNormStep(const LocalResponseNorm& norm, const LayerContext& context) {
  return std::make_unique<LocalResponseNormStep>(norm, context);
}

std::unique_ptr<Step> MakeDropoutStep(const Dropout& dropout, const LayerContext& context) {
  return std::make_unique<DropoutStep>(dropout, context);
}

}  // namespace posenet::nn

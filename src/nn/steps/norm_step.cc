// SPDX-License-Identifier: Apache-2.0
// Normalization across channels.
#include <algorithm>
#include <cstdint>

#include "nn/steps/layer_steps.h"

namespace posenet::nn {
namespace {

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
    const std::int64_t cells_per_task = std::max<std::int64_t>(kFloatsPerTask / channels_, 1);
    workspace.ForEachRange(pool, cells_, cells_per_task,
                           [&](std::int64_t first, std::int64_t count, std::byte* scratch) {
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
                             for (std::int64_t i = 0; i < count; ++i) {
                               kernels_.local_response_norm(args);
                               args.input += channels_;
                               args.output += channels_;
                             }
                           });
  }

 private:
  // There is nothing to reach beyond all channels.
  [[nodiscard]] int Reach() const { return std::min(norm_.size / 2, channels_); }

  const Kernels& kernels_;
  LocalResponseNorm norm_;
  int channels_;
  std::int64_t cells_;
};

}  // namespace

std::unique_ptr<Step> MakeLocalResponseNormStep(const LocalResponseNorm& norm, const LayerContext& context) {
  return std::make_unique<LocalResponseNormStep>(norm, context);
}

}  // namespace posenet::nn

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>

#include "nn/steps/dropout.h"
#include "nn/steps/layer_steps.h"

namespace posenet::nn {
namespace {

class DropoutStep final : public Step {
 public:
  DropoutStep(const Dropout& dropout, const LayerContext& context)
      : Step(context.inputs, {context.output}), rate_(dropout.rate), count_(context.OutputShape().ElementCount()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    workspace.ForEachRange(pool, count_, kFloatsPerTask, [&](std::int64_t first, std::int64_t count, std::byte*) {
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

std::unique_ptr<Step> MakeDropoutStep(const Dropout& dropout, const LayerContext& context) {
  return std::make_unique<DropoutStep>(dropout, context);
}

}  // namespace posenet::nn

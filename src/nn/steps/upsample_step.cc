// SPDX-License-Identifier: Apache-2.0
// Bilinear upsampling.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "nn/steps/layer_steps.h"

namespace posenet::nn {
namespace {

class UpsampleStep final : public Step {
 public:
  UpsampleStep(const Upsample& upsample, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        kernels_(context.kernels),
        factor_(upsample.factor),
        input_(context.InputShape()) {}

  [[nodiscard]] std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(RowFloats()) * sizeof(float);
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const float* const input = workspace.Value(reads()[0]);
    float* const output = workspace.Value(writes()[0]);
    const int image_rows = input_.height * factor_;
    workspace.ForEachTask(pool, input_.batch * image_rows, [&](int row, std::byte* scratch) {
      const float* const image = input + row / image_rows * input_.height * RowFloats();
      const int source = row % image_rows / factor_;
      // From the center of the source row, in rows.
      const float distance = (static_cast<float>(row % factor_) + 0.5F) / static_cast<float>(factor_) - 0.5F;
      const int neighbor = std::clamp(distance < 0.0F ? source - 1 : source + 1, 0, input_.height - 1);
      kernels_.upsample_row({.row = image + source * RowFloats(),
                             .neighbor = image + neighbor * RowFloats(),
                             .neighbor_weight = std::abs(distance),
                             .columns = input_.width,
                             .channels = input_.channels,
                             .factor = factor_,
                             .blended = reinterpret_cast<float*>(scratch),
                             .output = output + row * RowFloats() * factor_});
    });
  }

 private:
  // Of a row of the input.
  [[nodiscard]] std::ptrdiff_t RowFloats() const { return std::ptrdiff_t{input_.width} * input_.channels; }

  const Kernels& kernels_;
  int factor_;
  Shape input_;
};

}  // namespace

std::unique_ptr<Step> MakeUpsampleStep(const Upsample& upsample, const LayerContext& context) {
  return std::make_unique<UpsampleStep>(upsample, context);
}

}  // namespace posenet::nn

// SPDX-License-Identifier: Apache-2.0
// The heads of a network: pointwise convolutions of one value, computed as one product.
#include <algorithm>
#include <utility>

#include "nn/steps/activation.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/product_split.h"
#include "nn/steps/row_product.h"

namespace posenet::nn {
namespace {

// Computed one by one, the last panel of each head would be mostly padding (17 columns of 32, 34 of 64), and each head
// would read the input again.
class HeadsStep final : public Step {
 public:
  HeadsStep(const PackedMatrices& matrices, int input, std::vector<int> outputs, std::vector<Activation> activations,
            const LayerContext& context)
      : Step({input}, std::move(outputs)),
        kernels_(context.kernels),
        matrices_(matrices),
        activations_(std::move(activations)),
        input_type_(context.InputType()) {
    for (const int output : writes()) columns_.push_back(context.shapes[static_cast<std::size_t>(output)].channels);
    const Shape& shape = context.OutputShape();
    rows_ = static_cast<int>(std::int64_t{shape.batch} * shape.height * shape.width);
    constexpr std::int64_t kResultBytes = 64 * 1024;
    max_rows_ = RowsOfBlock(kResultBytes, RowBytes(), matrices_.tile_rows);
  }

  // The results of all heads, and the converted rows if the product needs them.
  [[nodiscard]] std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(max_rows_ * (RowBytes() + ConvertedBytes()));
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const ProductSplit split = SplitProduct(rows_, 1, max_rows_, matrices_.tile_rows, pool.thread_count());
    const int wanted_tasks = pool.thread_count() == 1 ? 1 : pool.thread_count() * kTasksPerThread;
    const int rows_per_task = std::min(
        split.rows_per_task, CeilDivide(CeilDivide(rows_, wanted_tasks), matrices_.tile_rows) * matrices_.tile_rows);
    const auto* const input = static_cast<const std::byte*>(workspace.Data(reads()[0]));
    workspace.ForEachTask(pool, CeilDivide(rows_, rows_per_task), [&](int task, std::byte* scratch) {
      const int first = task * rows_per_task;
      RowBlock rows = {.values = input + std::ptrdiff_t{first} * matrices_.depth * BytesOf(input_type_),
                       .step = matrices_.depth,
                       .count = std::min(rows_per_task, rows_ - first)};
      if (ConvertedBytes() > 0) {
        rows.values = ConvertRows(kernels_, matrices_, input_type_, rows, scratch + max_rows_ * RowBytes());
      }
      const OutputView results = {.values = scratch, .step = matrices_.columns};
      MultiplyRows(kernels_, matrices_, rows, {.first = 0, .count = matrices_.PanelCount()}, results,
                   ClampOf(Activation::kNone));
      Distribute(workspace, results, first, rows.count);
    });
  }

 private:
  [[nodiscard]] std::ptrdiff_t RowBytes() const {
    return std::ptrdiff_t{matrices_.columns} * static_cast<std::ptrdiff_t>(sizeof(float));
  }
  [[nodiscard]] std::ptrdiff_t ConvertedBytes() const {
    return input_type_ == matrices_.RowType() ? 0 : matrices_.depth * BytesOf(matrices_.RowType());
  }

  // Copies the columns of each head to its value and applies its activation.
  void Distribute(const Workspace& workspace, const OutputView& results, int first, int count) const {
    std::ptrdiff_t column = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      float* const output = workspace.Value(writes()[i]) + std::ptrdiff_t{first} * columns_[i];
      for (int row = 0; row < count; ++row) {
        std::copy_n(static_cast<const float*>(results.At(row, column)), columns_[i], output + row * columns_[i]);
      }
      const std::ptrdiff_t numbers = std::ptrdiff_t{count} * columns_[i];
      if (activations_[i] == Activation::kSigmoid) {
        kernels_.sigmoid(output, output, numbers);
      } else if (activations_[i] != Activation::kNone) {
        kernels_.scale(output, output, numbers, 1.0F, ClampOf(activations_[i]));
      }
      column += columns_[i];
    }
  }

  const Kernels& kernels_;
  const PackedMatrices& matrices_;
  std::vector<Activation> activations_;
  ElementType input_type_;
  std::vector<std::ptrdiff_t> columns_;  // Of each head.
  int rows_ = 0;
  int max_rows_ = 0;
};

}  // namespace

std::unique_ptr<Step> MakeHeadsStep(const PackedMatrices& matrices, int input, std::vector<int> outputs,
                                    std::vector<Activation> activations, const LayerContext& any_context) {
  return std::make_unique<HeadsStep>(matrices, input, std::move(outputs), std::move(activations), any_context);
}

}  // namespace posenet::nn

// SPDX-License-Identifier: Apache-2.0
// A pointwise convolution, the depthwise one that alone reads its result, and the pointwise one that alone reads that:
// the inverted residual of MobileNetV2, without its sum.
#include <algorithm>
#include <cstdint>

#include "nn/steps/activation.h"
#include "nn/steps/depthwise_layer.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/product_split.h"
#include "nn/steps/row_product.h"

namespace posenet::nn {
namespace {

// The expanded values of a band of rows: three quarters of a second-level cache of 512 KiB, which they share with the
// depthwise results, the input rows and the panels.
constexpr std::int64_t kBandBytes = 384 * 1024;
// An image of expanded values that is at most as large stays in that cache between two steps.
constexpr std::int64_t kCacheBytes = 512 * 1024;

int ExtentOf(const WindowAxis& rows) { return static_cast<int>((rows.kernel() - 1) * rows.dilation()) + 1; }

// Rows of the result that are computed from at most kBandBytes of expanded rows, or 0.
int RowsOfBand(const SlidingWindow& window, ElementType expanded_type) {
  const std::int64_t row_bytes = std::int64_t{window.input.width} * window.input.channels * BytesOf(expanded_type);
  const auto expanded_rows = static_cast<int>(std::min<std::int64_t>(kBandBytes / row_bytes, window.input.height));
  const int extent = ExtentOf(window.rows);
  if (expanded_rows < extent) return 0;
  return std::min((expanded_rows - extent) / static_cast<int>(window.rows.stride()) + 1, window.output.height);
}

// Neither the expanded values nor the depthwise results are written to memory: each task computes a band of rows of
// them into its scratch. Bands share a few expanded rows, which are computed for each.
class InvertedResidualStep final : public Step {
 public:
  explicit InvertedResidualStep(const InvertedResidual& block)
      : Step(block.expansion.inputs, {block.projection.output}),
        kernels_(block.projection.kernels),
        expansion_(std::get<PackedMatrices>(block.expansion.packed)),
        depthwise_(block.depthwise_conv, block.depthwise),
        projection_(std::get<PackedMatrices>(block.projection.packed)),
        expansion_activation_(block.expansion_conv.activation),
        projection_activation_(block.projection_conv.activation),
        input_type_(block.expansion.InputType()),
        expanded_type_(block.expansion.OutputType()),
        output_type_(block.projection.OutputType()),
        // Padded by a cache line: rows a multiple of 2 KiB apart would share one set of the first-level cache.
        filtered_step_(projection_.depth +
                       static_cast<std::ptrdiff_t>(kAlignmentBytes) / BytesOf(projection_.RowType())),
        band_rows_(RowsOfBand(depthwise_.window(), expanded_type_)) {}

  [[nodiscard]] std::size_t scratch_bytes() const override { return ConvertedOffset() + ConvertedBytes(); }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const Shape& output = depthwise_.window().output;
    const int wanted_bands =
        pool.thread_count() == 1 ? 1 : CeilDivide(pool.thread_count() * kTasksPerThread, output.batch);
    const int rows_per_band = std::min(band_rows_, CeilDivide(output.height, wanted_bands));
    const int bands = CeilDivide(output.height, rows_per_band);
    workspace.ForEachTask(pool, output.batch * bands, [&](int task, std::byte* scratch) {
      const int first_row = task % bands * rows_per_band;
      const int end_row = std::min(first_row + rows_per_band, output.height);
      ComputeBand(workspace, task / bands, first_row, end_row, scratch);
    });
  }

 private:
  // Offsets in a thread's scratch, whose parts are the expanded values, the depthwise results, and the rows of the
  // input if they must be converted.
  [[nodiscard]] std::size_t FilteredOffset() const {
    return Aligned(ExpandedCells() * expansion_.columns * BytesOf(expanded_type_));
  }
  [[nodiscard]] std::size_t ConvertedOffset() const {
    const std::int64_t cells = std::int64_t{band_rows_} * depthwise_.window().output.width;
    return FilteredOffset() + Aligned(cells * filtered_step_ * BytesOf(projection_.RowType()));
  }
  [[nodiscard]] std::size_t ConvertedBytes() const {
    if (input_type_ == expansion_.RowType()) return 0;
    return Aligned(ExpandedCells() * expansion_.depth * BytesOf(expansion_.RowType()));
  }
  [[nodiscard]] static std::size_t Aligned(std::int64_t bytes) {
    return (static_cast<std::size_t>(bytes) + kAlignmentBytes - 1) / kAlignmentBytes * kAlignmentBytes;
  }
  // Of the expanded rows of a band.
  [[nodiscard]] std::int64_t ExpandedCells() const {
    const SlidingWindow& window = depthwise_.window();
    return ((band_rows_ - 1) * window.rows.stride() + ExtentOf(window.rows)) * window.input.width;
  }

  void ComputeBand(const Workspace& workspace, int image, int first_row, int end_row, std::byte* scratch) const {
    const SlidingWindow& window = depthwise_.window();
    const auto [first_input, end_input] = window.InputRowsOf(first_row, end_row);
    const std::ptrdiff_t first_input_row = window.InputRow(image, first_input);
    Expand(workspace, first_input_row * window.input.width,
           static_cast<int>((end_input - first_input) * window.input.width), scratch);

    const int first = (image * window.output.height + first_row) * window.output.width;
    const int count = (end_row - first_row) * window.output.width;
    std::byte* const filtered = scratch + FilteredOffset();
    depthwise_.Compute({.values = scratch, .type = expanded_type_, .first_row = first_input_row}, first, count,
                       {.values = filtered, .step = filtered_step_, .type = projection_.RowType()});
    const OutputView output = {
        .values = workspace.Data(writes()[0]), .step = projection_.columns, .type = output_type_};
    Multiply(projection_, {.values = filtered, .step = filtered_step_, .count = count}, projection_activation_,
             output.From(first, 0));
  }

  // Expands `count` cells of the input.
  void Expand(const Workspace& workspace, std::ptrdiff_t first, int count, std::byte* scratch) const {
    RowBlock rows = {.values = static_cast<const std::byte*>(workspace.Data(reads()[0])) +
                               first * expansion_.depth * BytesOf(input_type_),
                     .step = expansion_.depth,
                     .count = count};
    if (input_type_ != expansion_.RowType()) {
      rows.values = ConvertRows(kernels_, expansion_, input_type_, rows, scratch + ConvertedOffset());
    }
    Multiply(expansion_, rows, expansion_activation_,
             {.values = scratch, .step = expansion_.columns, .type = expanded_type_});
  }

  void Multiply(const PackedMatrices& matrices, const RowBlock& rows, Activation activation,
                const OutputView& output) const {
    MultiplyRows(kernels_, matrices, rows, {.first = 0, .count = matrices.PanelCount()}, output,
                 ClampOf(activation, output.type));
    FinishActivation(activation, kernels_, output, rows.count, matrices.columns);
  }

  const Kernels& kernels_;
  const PackedMatrices& expansion_;
  DepthwiseLayer depthwise_;
  const PackedMatrices& projection_;
  Activation expansion_activation_;
  Activation projection_activation_;
  ElementType input_type_;
  ElementType expanded_type_;
  ElementType output_type_;
  std::ptrdiff_t filtered_step_;
  int band_rows_;
};

}  // namespace

bool IsWorthFusing(const Conv2d& depthwise, const LayerContext& context) {
  const SlidingWindow window(depthwise.window, context.InputShape(), context.OutputShape());
  const int band_rows = RowsOfBand(window, context.InputType());
  if (band_rows == 0) return false;
  const std::int64_t image_bytes =
      std::int64_t{window.input.height} * window.input.width * window.input.channels * BytesOf(context.InputType());
  if (image_bytes <= kCacheBytes) return false;
  // At most a quarter of the expanded rows is computed twice.
  const auto stride = static_cast<int>(window.rows.stride());
  return 4 * (ExtentOf(window.rows) - stride) <= band_rows * stride;
}

std::unique_ptr<Step> MakeInvertedResidualStep(const InvertedResidual& block) {
  return std::make_unique<InvertedResidualStep>(block);
}

}  // namespace posenet::nn

// SPDX-License-Identifier: Apache-2.0
// A convolution by Winograd's F(2x2, 3x3): tiles of 4x4 cells are transformed, multiplied cell by cell (16 products),
// and transformed back to 2x2 results.
#include <algorithm>
#include <vector>

#include "nn/packing/winograd_weights.h"
#include "nn/steps/activation.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/product_split.h"

namespace posenet::nn {
namespace {

// Results of a tile along each axis.
constexpr int kResults = 2;

class WinogradStep final : public Step {
 public:
  WinogradStep(const Conv2d& conv, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        kernels_(context.kernels),
        matrices_(std::get<PackedWinograd>(context.packed).matrices),
        input_(context.InputShape()),
        output_(context.OutputShape()),
        padding_(ResolvePadding(conv.window, input_.height, input_.width)),
        clamp_(ClampOf(conv.activation)),
        tile_rows_(CeilDivide(output_.height, kResults)),
        tile_columns_(CeilDivide(output_.width, kResults)),
        zeros_(static_cast<std::size_t>(input_.channels)) {
    // Transformed tiles of twice as many bytes as the rows of any other product's block: each panel of weights is read
    // once for all of them.
    const std::int64_t tile_bytes = std::int64_t{kWinogradCells} * input_.channels * std::int64_t{sizeof(float)};
    tiles_per_block_ = RowsOfBlock(2 * kBlockBytes, tile_bytes, kernels_.gemm_rows);
  }

  [[nodiscard]] std::size_t scratch_bytes() const override {
    return (TileFloats() + static_cast<std::size_t>(kWinogradCells * tiles_per_block_ * matrices_.panel_columns)) *
           sizeof(float);
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const int tiles = input_.batch * tile_rows_ * tile_columns_;
    const ProductSplit split =
        SplitProduct(tiles, matrices_.PanelCount(), tiles_per_block_, kernels_.gemm_rows, pool.thread_count());
    const float* const input = workspace.Value(reads()[0]);
    float* const output = workspace.Value(writes()[0]);
    workspace.ForEachTask(pool, split.task_count(), [&](int task, std::byte* scratch) {
      const int first_tile = task / split.panel_tasks * split.rows_per_task;
      const int tile_count = std::min(split.rows_per_task, tiles - first_tile);
      auto* const transformed = reinterpret_cast<float*>(scratch);
      float* const sums = transformed + TileFloats();
      for (int i = 0; i < tile_count; ++i) {
        TransformTile(input, first_tile + i, tile_count, transformed + std::ptrdiff_t{i} * input_.channels);
      }
      const int first_panel = task % split.panel_tasks * split.panels_per_task;
      const int end_panel = std::min(first_panel + split.panels_per_task, matrices_.PanelCount());
      for (int panel = first_panel; panel < end_panel; ++panel) {
        Multiply(transformed, tile_count, panel, sums);
        const int first_column = panel * matrices_.panel_columns;
        for (int i = 0; i < tile_count; ++i) {
          StoreTile(sums + std::ptrdiff_t{i} * matrices_.panel_columns, first_tile + i, tile_count, first_column,
                    output);
        }
      }
    });
  }

 private:
  struct TilePlace {
    std::ptrdiff_t image;
    int y;  // Of its first result.
    int x;
  };

  [[nodiscard]] std::size_t TileFloats() const {
    return static_cast<std::size_t>(kWinogradCells * tiles_per_block_) * static_cast<std::size_t>(input_.channels);
  }

  [[nodiscard]] TilePlace PlaceOf(int tile) const {
    return {.image = tile / tile_columns_ / tile_rows_,
            .y = tile / tile_columns_ % tile_rows_ * kResults,
            .x = tile % tile_columns_ * kResults};
  }

  // Transforms a tile to transformed[cell][tile][channel].
  void TransformTile(const float* input, int tile, int tile_count, float* transformed) const {
    const TilePlace place = PlaceOf(tile);
    WinogradInputArgs args = {.channels = input_.channels,
                              .output = transformed,
                              .output_step = std::ptrdiff_t{tile_count} * input_.channels};
    const float* const image = input + place.image * input_.height * input_.width * input_.channels;
    for (int cell = 0; cell < kWinogradCells; ++cell) {
      const int y = place.y - padding_.top + cell / 4;
      const int x = place.x - padding_.left + cell % 4;
      const bool on_input = y >= 0 && y < input_.height && x >= 0 && x < input_.width;
      args.cells[cell] = on_input ? image + (std::ptrdiff_t{y} * input_.width + x) * input_.channels : zeros_.data();
    }
    kernels_.winograd_input(args);
  }

  // Multiplies all cells with one panel, to sums[cell][tile][column of the panel].
  void Multiply(const float* transformed, int tile_count, int panel, float* sums) const {
    GemmArgs args;
    args.a_stride = input_.channels;
    args.depth = input_.channels;
    args.rows = tile_count;
    args.columns = ColumnsOf(panel);
    args.clamp = ClampOf(Activation::kNone);
    for (int cell = 0; cell < kWinogradCells; ++cell) {
      const std::ptrdiff_t first_row = std::ptrdiff_t{cell} * tile_count;
      args.a = transformed + first_row * input_.channels;
      args.panels = matrices_.FloatPanel(cell, panel);
      args.c = {.values = sums + first_row * matrices_.panel_columns,
                .step = matrices_.panel_columns,
                .type = ElementType::kFloat32};
      kernels_.gemm(args);
    }
  }

  void StoreTile(const float* sums, int tile, int tile_count, int first_column, float* output) const {
    const TilePlace place = PlaceOf(tile);
    WinogradOutputArgs args = {.input = sums,
                               .input_step = std::ptrdiff_t{tile_count} * matrices_.panel_columns,
                               .channels = ColumnsOf(first_column / matrices_.panel_columns),
                               .clamp = clamp_};
    float* const image = output + place.image * output_.height * output_.width * output_.channels + first_column;
    for (int result = 0; result < kResults * kResults; ++result) {
      const int y = place.y + result / kResults;
      const int x = place.x + result % kResults;
      const bool on_output = y < output_.height && x < output_.width;
      args.results[result] = on_output ? image + (std::ptrdiff_t{y} * output_.width + x) * output_.channels : nullptr;
    }
    kernels_.winograd_output(args);
  }

  [[nodiscard]] int ColumnsOf(int panel) const {
    return std::min(matrices_.panel_columns, matrices_.columns - panel * matrices_.panel_columns);
  }

  const Kernels& kernels_;
  const PackedMatrices& matrices_;
  Shape input_;
  Shape output_;
  Padding padding_;
  Clamp clamp_;
  int tile_rows_;
  int tile_columns_;
  int tiles_per_block_ = 0;
  std::vector<float> zeros_;
};

}  // namespace

std::unique_ptr<Step> MakeWinogradStep(const Conv2d& conv, const LayerContext& context) {
  return std::make_unique<WinogradStep>(conv, context);
}

}  // namespace posenet::nn

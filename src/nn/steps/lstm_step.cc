// SPDX-License-Identifier: Apache-2.0
// LSTMs: the inputs' contributions to the gates of all time steps are one product; then the time steps, one by one.
#include <algorithm>
#include <cstdint>

#include "nn/steps/activation.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/product_split.h"
#include "nn/steps/row_product.h"

namespace posenet::nn {
namespace {

class LstmStep final : public Step {
 public:
  LstmStep(const Lstm& lstm, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        kernels_(context.kernels),
        packed_(std::get<PackedLstm>(context.packed)),
        lstm_(lstm),
        step_inputs_(static_cast<int>(StepInputs(lstm, context.InputShape()))) {
    const Shape& shape = context.InputShape();
    const auto elements = static_cast<int>(shape.ElementCount() / shape.batch);
    sequences_ = lstm.scan == Scan::kBatch ? 1 : shape.batch;
    steps_ = lstm.scan == Scan::kBatch ? shape.batch : elements / step_inputs_;
  }

  // All threads share the scratch of the first (though each has one as large), laid out in the order of Memory.
  [[nodiscard]] std::size_t scratch_bytes() const override {
    return (GateCount() * (Rows() + Sequences()) + Hidden() * Sequences() + CopiedFloats()) * sizeof(float);
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const Memory memory = MemoryAt(reinterpret_cast<float*>(workspace.scratch));
    const float* input = workspace.Value(reads()[0]);
    if (CopiedFloats() > 0) {
      CopyColumns(input, memory.columns);
      input = memory.columns;
    }
    MultiplyInputs(workspace, pool, input, memory.input_gates);
    float* const output = workspace.Value(writes()[0]);
    workspace.ForEachTask(pool, sequences_, [&](int sequence, std::byte*) { RunSequence(memory, sequence, output); });
  }

 private:
  struct Memory {
    float* input_gates = nullptr;      // [sequence][step][gate]
    float* recurrent_gates = nullptr;  // [sequence][gate]
    float* cells = nullptr;            // [sequence][hidden]
    float* columns = nullptr;          // [sequence][step][input], for kColumns.
  };

  [[nodiscard]] std::size_t Hidden() const { return static_cast<std::size_t>(lstm_.hidden); }
  [[nodiscard]] std::size_t GateCount() const { return 4 * Hidden(); }
  [[nodiscard]] std::size_t Sequences() const { return static_cast<std::size_t>(sequences_); }
  [[nodiscard]] std::size_t Rows() const { return Sequences() * static_cast<std::size_t>(steps_); }
  [[nodiscard]] std::size_t CopiedFloats() const {
    return lstm_.scan == Scan::kColumns ? Rows() * static_cast<std::size_t>(step_inputs_) : 0;
  }

  [[nodiscard]] Memory MemoryAt(float* scratch) const {
    Memory memory = {.input_gates = scratch};
    memory.recurrent_gates = memory.input_gates + GateCount() * Rows();
    memory.cells = memory.recurrent_gates + GateCount() * Sequences();
    memory.columns = memory.cells + Hidden() * Sequences();
    return memory;
  }

  // Grids of [step_inputs_][steps_] become [steps_][step_inputs_].
  void CopyColumns(const float* grids, float* columns) const {
    for (int sequence = 0; sequence < sequences_; ++sequence) {
      for (int step = 0; step < steps_; ++step) {
        for (int row = 0; row < step_inputs_; ++row) *columns++ = grids[std::ptrdiff_t{row} * steps_ + step];
      }
      grids += std::ptrdiff_t{steps_} * step_inputs_;
    }
  }

  void MultiplyInputs(const Workspace& workspace, base::ThreadPool& pool, const float* input, float* gates) const {
    const PackedMatrices& matrices = packed_.input;
    const auto rows = static_cast<int>(Rows());
    const auto row_bytes = static_cast<std::int64_t>(sizeof(float)) * matrices.depth;
    const ProductSplit split =
        SplitProduct(rows, matrices.PanelCount(), RowsOfBlock(kBlockBytes, row_bytes, matrices.tile_rows),
                     matrices.tile_rows, pool.thread_count());
    workspace.ForEachTask(pool, split.task_count(), [&](int task, std::byte*) {
      const int first_row = task / split.panel_tasks * split.rows_per_task;
      const RowBlock block = {.values = input + std::ptrdiff_t{first_row} * matrices.depth,
                              .step = matrices.depth,
                              .count = std::min(split.rows_per_task, rows - first_row)};
      const OutputView results = {.values = gates, .step = matrices.columns};
      MultiplyRows(kernels_, matrices, block,
                   {.first = task % split.panel_tasks * split.panels_per_task, .count = split.panels_per_task},
                   results.From(first_row, 0), ClampOf(Activation::kNone));
    });
  }

  void RunSequence(const Memory& memory, int sequence, float* output) const {
    const auto index = static_cast<std::size_t>(sequence);
    const std::size_t gates = GateCount();
    float* const recurrent_gates = memory.recurrent_gates + index * gates;
    LstmStepArgs args = {
        .recurrent_gates = recurrent_gates, .hidden = lstm_.hidden, .cell = memory.cells + index * Hidden()};
    std::fill_n(args.cell, Hidden(), 0.0F);
    std::fill_n(recurrent_gates, gates, 0.0F);
    for (int taken = 0; taken < steps_; ++taken) {
      const int step = lstm_.direction == ScanDirection::kForward ? taken : steps_ - 1 - taken;
      if (taken > 0) {
        MultiplyRows(kernels_, packed_.recurrent, {.values = args.state, .step = lstm_.hidden, .count = 1},
                     {.first = 0, .count = packed_.recurrent.PanelCount()},
                     {.values = recurrent_gates, .step = packed_.recurrent.columns}, ClampOf(Activation::kNone));
      }
      args.input_gates =
          memory.input_gates + (index * static_cast<std::size_t>(steps_) + static_cast<std::size_t>(step)) * gates;
      args.state = output + (lstm_.scan == Scan::kBatch ? static_cast<std::size_t>(step) : index) * Hidden();
      kernels_.lstm_step(args);
    }
  }

  const Kernels& kernels_;
  const PackedLstm& packed_;
  Lstm lstm_;
  int step_inputs_;
  int sequences_ = 0;
  int steps_ = 0;
};

}  // namespace

std::unique_ptr<Step> MakeLstmStep(const Lstm& lstm, const LayerContext& context) {
  return std::make_unique<LstmStep>(lstm, context);
}

}  // namespace posenet::nn

// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>
#include <vector>

#include "nn/testing/reference.h"

namespace posenet::nn {
namespace {

double Sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

// The numbers that a time step reads: `first` and every `stride`-th after it.
struct StepView {
  const float* first;
  std::size_t stride;
  std::size_t count;
};

struct LstmState {
  std::vector<double> h;
  std::vector<double> c;
};

LstmState TakeStep(const LstmState& before, const StepView& x, std::span<const float> input_weights,
                   std::span<const float> recurrent_weights, std::span<const float> bias) {
  const std::size_t hidden = before.h.size();
  std::vector<double> gates(bias.begin(), bias.end());
  for (std::size_t gate = 0; gate < gates.size(); ++gate) {
    for (std::size_t i = 0; i < x.count; ++i) {
      gates[gate] += double{x.first[i * x.stride]} * double{input_weights[i * gates.size() + gate]};
    }
    for (std::size_t i = 0; i < hidden; ++i) {
      gates[gate] += before.h[i] * double{recurrent_weights[i * gates.size() + gate]};
    }
  }
  LstmState after = before;
  for (std::size_t i = 0; i < hidden; ++i) {
    after.c[i] = Sigmoid(gates[hidden + i]) * before.c[i] + Sigmoid(gates[i]) * std::tanh(gates[2 * hidden + i]);
    after.h[i] = Sigmoid(gates[3 * hidden + i]) * std::tanh(after.c[i]);
  }
  return after;
}

}  // namespace

ReferenceTensor ReferenceLstm(const Lstm& lstm, const ReferenceTensor& input, std::span<const float> input_weights,
                              std::span<const float> recurrent_weights, std::span<const float> bias) {
  const auto batch = static_cast<std::size_t>(input.shape.batch);
  const auto hidden = static_cast<std::size_t>(lstm.hidden);
  const std::size_t elements = input.values.size() / batch;
  const bool over_batch = lstm.scan == Scan::kBatch;
  const auto step_inputs = static_cast<std::size_t>(StepInputs(lstm, input.shape));
  const std::size_t steps = over_batch ? batch : elements / step_inputs;
  ReferenceTensor output = {{.batch = input.shape.batch, .channels = lstm.hidden}, std::vector<float>(batch * hidden)};
  for (std::size_t sequence = 0; sequence < (over_batch ? 1 : batch); ++sequence) {
    LstmState state = {std::vector<double>(hidden), std::vector<double>(hidden)};
    for (std::size_t taken = 0; taken < steps; ++taken) {
      const std::size_t step = lstm.direction == ScanDirection::kForward ? taken : steps - 1 - taken;
      const float* const grid = input.values.data() + sequence * elements;
      const StepView x = lstm.scan == Scan::kColumns ? StepView{grid + step, steps, step_inputs}
                                                     : StepView{grid + step * step_inputs, 1, step_inputs};
      state = TakeStep(state, x, input_weights, recurrent_weights, bias);
      // Unless the batch is the sequence, the last step overwrites the results of the earlier ones.
      float* const result = output.values.data() + (over_batch ? step : sequence) * hidden;
      for (std::size_t i = 0; i < hidden; ++i) result[i] = static_cast<float>(state.h[i]);
    }
  }
  return output;
}

}  // namespace posenet::nn

// SPDX-License-Identifier: Apache-2.0
// Depthwise convolutions, as part of several steps.
#ifndef POSENET_NN_STEPS_DEPTHWISE_LAYER_H_
#define POSENET_NN_STEPS_DEPTHWISE_LAYER_H_

#include <algorithm>
#include <cstddef>
#include <variant>

#include "nn/steps/activation.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/sliding_window.h"

namespace posenet::nn {

/// A depthwise convolution, computed for any range of its output.
class DepthwiseLayer {
 public:
  DepthwiseLayer(const Conv2d& conv, const LayerContext& context)
      : kernels_(context.kernels),
        packed_(std::get<PackedDepthwise>(context.packed)),
        window_(conv.window, context.InputShape(), context.OutputShape()),
        activation_(conv.activation) {}

  [[nodiscard]] const SlidingWindow& window() const { return window_; }

  /// Computes positions [first, first + count), numbered across the rows of all images, from the rows of the input that
  /// they read.
  void Compute(const InputRows& input, int first, int count, const OutputView& output) const {
    for (int done = 0; done < count;) {
      const int x = (first + done) % window_.output.width;
      const int length = std::min(window_.output.width - x, count - done);
      ComputeRow(input, (first + done) / window_.output.width, x, x + length, output.From(done, 0));
      done += length;
    }
    FinishActivation(activation_, kernels_, output, count, window_.output.channels);
  }

 private:
  void ComputeRow(const InputRows& input, int row, int begin, int end, const OutputView& output) const {
    DepthwiseArgs args;
    args.weights_row_step = std::ptrdiff_t{window_.columns.kernel()} * window_.input.channels;
    args.bias = packed_.bias;
    args.input_type = input.type;
    args.clamp = ClampOf(activation_, output.type);
    window_.ForEachRun(
        input, row, begin, end, output, [&](const WindowArgs& run, std::ptrdiff_t tap_row, std::ptrdiff_t tap_column) {
          args.window = run;
          args.weights = packed_.weights.get() + tap_row * args.weights_row_step + tap_column * window_.input.channels;
          kernels_.depthwise(args);
        });
  }

  const Kernels& kernels_;
  const PackedDepthwise& packed_;
  SlidingWindow window_;
  Activation activation_;
};

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_DEPTHWISE_LAYER_H_

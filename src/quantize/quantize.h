// SPDX-License-Identifier: Apache-2.0
// quantize, the room's door: a float model in, a model with weights of few bits out, as good as calibration images
// allow.
#ifndef POSENET_QUANTIZE_QUANTIZE_H_
#define POSENET_QUANTIZE_QUANTIZE_H_

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/model_spec.h"
#include "quantize/calibration.h"

namespace posenet::quantize {

/// What weights become.
enum class Target { kInt8, kBFloat16 };

struct Options {
  Target target = Target::kInt8;
  /// How much longer than a network of int8 alone the result may take: what is left of it is spent on layers that do
  /// better in bfloat16, counted as taking twice the time of int8. Without meaning for kBFloat16.
  double time_budget = 1.0;
  /// Threads for running the network.
  int thread_count = 1;
  /// Called as work proceeds, with parts done and parts in all.
  std::function<void(std::size_t done, std::size_t total)> on_progress = [](std::size_t, std::size_t) {};
};

/// What became of one product.
struct LayerReport {
  std::string layer;
  std::string kept_as;  // "int8" or "bfloat16".
  /// Share of the multiply-adds of all products, at the size of the first calibration input.
  double share = 0.0;
  /// Power of the result over that of its error, were only this layer rounded: its weights and its input.
  double signal_to_noise_db = 0.0;
};

struct QuantizedModel {
  model::LoadedModel model;
  std::vector<LayerReport> layers;
  /// Root of the mean square difference of each output from the float network's on the calibration inputs.
  std::vector<std::pair<std::string, double>> output_errors;
};

/// Pointwise convolutions between rectified values become int8: weights in units of their output channel, inputs as
/// whole numbers from 0 to 255. Weights are rounded one input channel after the other, and what rounding one changed is
/// made up for by those that follow (GPTQ: Frantar et al., "GPTQ: Accurate Post-Training Quantization for Generative
/// Pre-trained Transformers", 2022, algorithm 1), each layer on inputs that come from the rounded layers before it, and
/// towards what the float network answers, so that it makes up for them as well; biases are corrected by the means that
/// are left. Depthwise convolutions stay floats and read whole numbers of 16 bits. Layers that suffer most become
/// bfloat16, within Options::time_budget. With kBFloat16 all products become bfloat16, rounded in the same way.
/// Errors: kUnsupported when there is no such layer, or the model is quantized already; kInvalidArgument for no
/// inputs, or inputs of the wrong channels; those of nn::PackedNetwork and nn::Plan.
Result<QuantizedModel> QuantizeModel(const model::LoadedModel& model, std::span<const CalibrationInput> inputs,
                                     const Options& options = {});

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_QUANTIZE_H_

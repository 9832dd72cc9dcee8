// SPDX-License-Identifier: Apache-2.0
// Main header of the module quantize: post-training quantization of float models to int8 or bfloat16 weights with the
// help of calibration inputs. It knows networks and models; it knows no images and no poses.
#ifndef POSENET_QUANTIZE_QUANTIZE_H_
#define POSENET_QUANTIZE_QUANTIZE_H_

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/model_spec.h"
#include "quantize/calibration.h"

namespace posenet::quantize {

/// The precision that weights are quantized to.
enum class WeightFormat { kInt8, kBFloat16 };

/// The outputs of a network for one input, in the order of Network::outputs.
using Outputs = std::vector<std::vector<float>>;

/// How much worse the outputs of a quantized network are for an input than those of the float network; 0 if they are
/// equal. Losses of independent errors should add up, as squares do.
using Loss = std::function<double(const nn::Shape& input, const Outputs& outputs, const Outputs& float_outputs)>;

/// The mean over all outputs of the squared error, relative to the mean square of the float network's output.
double RelativeSquaredError(const nn::Shape& input, const Outputs& outputs, const Outputs& float_outputs);

struct Options {
  WeightFormat format = WeightFormat::kInt8;
  /// The time that the products of the result may take, relative to a network quantized to int8 alone. A budget above 1
  /// is spent on layers that lose most in int8: they become bfloat16, which counts as twice the time. Not used for
  /// kBFloat16.
  double time_budget = 1.0;
  /// What layers must not lose much of.
  Loss loss = RelativeSquaredError;
  /// Threads for running the network.
  int thread_count = 1;
  /// Called as the work proceeds, with the parts done and their total.
  std::function<void(std::size_t done, std::size_t total)> on_progress = [](std::size_t, std::size_t) {};
};

/// The outcome for one layer.
struct LayerReport {
  std::string layer;
  std::string stored_as;  // "int8" or "bfloat16".
  /// Share of the multiply-adds of all quantized layers, at the size of the first calibration input.
  double share = 0.0;
  /// Power of the layer's result over that of its error if only this layer's weights and input are rounded.
  double signal_to_noise_db = 0.0;
};

struct QuantizedModel {
  model::LoadedModel model;
  std::vector<LayerReport> layers;
  /// Root mean square difference of each output from the float network's on the calibration inputs.
  std::vector<std::pair<std::string, double>> output_errors;
};

/// Quantizes pointwise convolutions that read the results of convolutions and sums to int8: weights with a scale per
/// output channel, inputs as uint8. Weights are rounded one input channel after the other, and the channels that follow
/// compensate for the error (GPTQ: Frantar et al., "GPTQ: Accurate Post-Training Quantization for Generative
/// Pre-trained Transformers", 2022, algorithm 1). Each layer is rounded on inputs from the quantized layers before it
/// and towards the outputs of the float network, so that it also compensates for their errors; biases are corrected by
/// the remaining mean error. Depthwise convolutions stay in float and read 16-bit integers. Layers that lose most, each
/// measured with all others in float, become bfloat16, within Options::time_budget. With kBFloat16, all pointwise
/// convolutions become bfloat16, rounded in the same way. Errors: kUnsupported if there is no such layer, or the model
/// is quantized already; kInvalidArgument for no inputs, or inputs with a wrong channel count; those of
/// nn::PackedNetwork and nn::Plan.
Result<QuantizedModel> QuantizeModel(const model::LoadedModel& model, std::span<const CalibrationInput> inputs,
                                     const Options& options = {});

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_QUANTIZE_H_

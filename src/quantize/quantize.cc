// SPDX-License-Identifier: Apache-2.0
#include "quantize/quantize.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/strings.h"
#include "model/model_variants.h"
#include "nn/graph/operation_count.h"
#include "quantize/channel_units.h"
#include "quantize/layer_groups.h"
#include "quantize/rounded_group.h"
#include "quantize/samples.h"
#include "quantize/tensor_store.h"

namespace posenet::quantize {
namespace {

// The memory that the result's tensors point into: the float model's, and ours.
struct Storage {
  std::shared_ptr<const void> source;
  TensorStore store;
};

class Quantizer {
 public:
  Quantizer(const model::LoadedModel& model, std::span<const CalibrationInput> inputs, const Options& options)
      : source_(model), inputs_(inputs), options_(options), storage_(std::make_shared<Storage>()) {
    storage_->source = model.storage;
  }

  Result<QuantizedModel> Run() {
    POSENET_RETURN_IF_ERROR(CheckInputs());
    POSENET_ASSIGN_OR_RETURN(channels_, nn::InferChannels(source_.spec.network));
    LayerGroups found = FindLayerGroups(source_.spec.network, channels_);
    groups_ = std::move(found.groups);
    if (options_.format == WeightFormat::kInt8) {
      std::erase_if(groups_, [](const LayerGroup& group) { return !group.has_integers; });
    }
    depthwise_inputs_ = std::move(found.depthwise_inputs);
    if (groups_.empty()) {
      return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(source_.spec.name),
                        " has no layer to quantize; expected pointwise convolutions of convolutions or sums");
    }
    POSENET_RETURN_IF_ERROR(MeasureFloats());
    formats_.assign(groups_.size(), options_.format);
    if (HasBudget()) POSENET_RETURN_IF_ERROR(SpendBudget());
    POSENET_RETURN_IF_ERROR(QuantizeGroups());
    return Finish();
  }

 private:
  [[nodiscard]] bool HasBudget() const { return options_.format == WeightFormat::kInt8 && options_.time_budget > 1.0; }

  [[nodiscard]] Result<void> CheckInputs() const {
    if (inputs_.empty()) return base::Fail(ErrorCode::kInvalidArgument, "no calibration inputs; expected at least one");
    const int channels = source_.spec.network.input_channels;
    for (const CalibrationInput& input : inputs_) {
      if (input.shape.channels != channels ||
          static_cast<std::int64_t>(input.values.size()) != input.shape.ElementCount()) {
        return base::Fail(ErrorCode::kInvalidArgument, "calibration input of ", input.values.size(), " numbers and ",
                          input.shape.channels, " channels; expected ", channels, " channels of every cell");
      }
    }
    for (const auto& [name, tensor] : source_.weights) {
      if (tensor.dtype == nn::DType::kInt8 || tensor.dtype == nn::DType::kBFloat16) {
        return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(source_.spec.name),
                          " is already quantized");
      }
    }
    return {};
  }

  // Measures the float network's values and outputs on the inputs, and the work of its products.
  Result<void> MeasureFloats() {
    POSENET_ASSIGN_OR_RETURN(const auto operations, nn::OperationCounts(source_.spec.network, inputs_[0].shape));
    std::vector<int> values;
    for (const DepthwiseInput& input : depthwise_inputs_) values.push_back(input.value);
    for (const LayerGroup& group : groups_) {
      values.push_back(group.value);
      double of_group = 0.0;
      for (const std::size_t layer : group.layers) of_group += operations[layer];
      operations_.push_back(of_group);
    }
    POSENET_RETURN_IF_ERROR(VisitValues({source_.spec.network, source_.weights}, values, inputs_, options_.thread_count,
                                        [&](std::size_t, int value, std::span<const float> numbers) {
                                          float_samples_[value].push_back(SampleOf(
                                              numbers, channels_[static_cast<std::size_t>(value)], inputs_.size()));
                                        }));
    Advance();
    POSENET_ASSIGN_OR_RETURN(float_outputs_, OutputsOf({source_.spec.network, source_.weights}, inputs_));
    return {};
  }

  Result<Samples> SamplesOf(const Weighted& weighted, int value) const {
    Samples samples;
    const Eigen::Index channels = channels_[static_cast<std::size_t>(value)];
    POSENET_RETURN_IF_ERROR(VisitValues(weighted, std::span(&value, 1), inputs_, options_.thread_count,
                                        [&](std::size_t, int, std::span<const float> numbers) {
                                          samples.push_back(SampleOf(numbers, channels, inputs_.size()));
                                        }));
    return samples;
  }

  // Of each of `inputs`.
  Result<std::vector<Outputs>> OutputsOf(const Weighted& weighted, std::span<const CalibrationInput> inputs) const {
    std::vector<int> values;
    for (const nn::Output& output : weighted.network.outputs) values.push_back(output.value);
    std::vector<Outputs> outputs(inputs.size());
    POSENET_RETURN_IF_ERROR(VisitValues(weighted, values, inputs, options_.thread_count,
                                        [&](std::size_t input, int, std::span<const float> numbers) {
                                          outputs[input].emplace_back(numbers.begin(), numbers.end());
                                        }));
    return outputs;
  }

  // The mean loss over every `step`th input, which are `inputs`.
  Result<double> LossOf(const Weighted& weighted, std::span<const CalibrationInput> inputs, std::size_t step) const {
    POSENET_ASSIGN_OR_RETURN(const std::vector<Outputs> outputs, OutputsOf(weighted, inputs));
    double sum = 0.0;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      sum += options_.loss(inputs[i].shape, outputs[i], float_outputs_[i * step]);
    }
    return sum / static_cast<double>(outputs.size());
  }

  // The root mean square difference of each output from the float network's.
  Result<std::vector<double>> ErrorsOf(const Weighted& weighted) const {
    POSENET_ASSIGN_OR_RETURN(const std::vector<Outputs> outputs, OutputsOf(weighted, inputs_));
    std::vector<double> errors;
    for (std::size_t output = 0; output < weighted.network.outputs.size(); ++output) {
      double sum = 0.0;
      double count = 0.0;
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        const std::vector<float>& rounded = outputs[i][output];
        for (std::size_t j = 0; j < rounded.size(); ++j) {
          const double difference = double{rounded[j]} - double{float_outputs_[i][output][j]};
          sum += difference * difference;
        }
        count += static_cast<double>(rounded.size());
      }
      errors.push_back(std::sqrt(sum / count));
    }
    return errors;
  }

  // Gives the inputs of depthwise convolutions units. These accept any.
  void ScaleDepthwiseInputs(nn::Network& network, nn::TensorMap& tensors) {
    for (const DepthwiseInput& input : depthwise_inputs_) {
      nn::Layer& writer = network.layers[static_cast<std::size_t>(input.value) - 1];
      const Eigen::RowVectorXf largest = StatisticsOf(float_samples_[input.value]).largest;
      NamedTensors added;
      writer.scales =
          AddChannels(writer, ".scales", UnitsOfSixteenBits(largest, input.activation), storage_->store, added);
      Apply(added, tensors);
    }
  }

  // Rounds all groups in order, each to its format in `formats_`.
  Result<void> QuantizeGroups() {
    network_ = source_.spec.network;
    tensors_ = source_.weights;
    ScaleDepthwiseInputs(network_, tensors_);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      POSENET_ASSIGN_OR_RETURN(Samples samples, SamplesOf({network_, tensors_}, groups_[i].value));
      POSENET_ASSIGN_OR_RETURN(RoundedGroup rounded,
                               RoundGroup(groups_[i], formats_[i], std::move(samples), storage_->store));
      Apply(groups_[i], rounded, network_, tensors_);
      rounded_.push_back(std::move(rounded));
      Advance();
    }
    return {};
  }

  Result<RoundedGroup> RoundGroup(const LayerGroup& group, WeightFormat format, Samples inputs, TensorStore& store) {
    const FloatGroup floats = {.model = source_, .group = group, .samples = float_samples_[group.value]};
    const int threads = options_.thread_count;
    return format == WeightFormat::kInt8 ? RoundGroupToInt8(floats, std::move(inputs), threads, store)
                                         : RoundGroupToBFloat16(floats, inputs, threads, store);
  }

  static void Apply(const NamedTensors& made, nn::TensorMap& tensors) {
    for (const auto& [name, tensor] : made) tensors[name] = tensor;
  }

  static void Apply(const LayerGroup& group, const RoundedGroup& rounded, nn::Network& network,
                    nn::TensorMap& tensors) {
    nn::Layer& writer = network.layers[static_cast<std::size_t>(group.value) - 1];
    writer.scales = rounded.scales;
    writer.zero_points = rounded.zero_points;
    for (std::size_t i = 0; i < group.layers.size(); ++i) {
      network.layers[group.layers[i]].operation = rounded.products[i];
    }
    Apply(rounded.tensors, tensors);
  }

  // Switches groups to bfloat16, those first that lose most in int8 for the time they take, as long as the budget
  // lasts.
  Result<void> SpendBudget() {
    struct Candidate {
      std::size_t group;
      double loss_per_cost;
    };
    constexpr std::size_t kMaxInputs = 32;  // Enough to compare layers.
    const std::size_t step = (inputs_.size() + kMaxInputs - 1) / kMaxInputs;
    std::vector<CalibrationInput> inputs;
    for (std::size_t i = 0; i < inputs_.size(); i += step) inputs.push_back(inputs_[i]);
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      TensorStore store;
      nn::Network network = source_.spec.network;
      nn::TensorMap tensors = source_.weights;
      POSENET_ASSIGN_OR_RETURN(const RoundedGroup rounded,
                               RoundGroup(groups_[i], WeightFormat::kInt8, float_samples_[groups_[i].value], store));
      Apply(groups_[i], rounded, network, tensors);
      POSENET_ASSIGN_OR_RETURN(const double loss, LossOf({network, tensors}, inputs, step));
      candidates.push_back({i, loss / operations_[i]});
      Advance();
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.loss_per_cost > b.loss_per_cost; });
    double left = (options_.time_budget - 1.0) * AllOperations();
    for (const Candidate& candidate : candidates) {
      const double cost = operations_[candidate.group];
      // Where int8 loses nothing, there is nothing to spend on.
      if (cost > left || candidate.loss_per_cost <= 0.0) continue;
      left -= cost;
      formats_[candidate.group] = WeightFormat::kBFloat16;
    }
    return {};
  }

  Result<QuantizedModel> Finish() {
    QuantizedModel result;
    POSENET_ASSIGN_OR_RETURN(const std::vector<double> errors, ErrorsOf({network_, tensors_}));
    for (std::size_t i = 0; i < groups_.size(); ++i) ReportGroup(i, result.layers);
    for (std::size_t i = 0; i < errors.size(); ++i) {
      result.output_errors.emplace_back(network_.outputs[i].name, errors[i]);
    }
    result.model.spec = source_.spec;
    result.model.spec.network = network_;
    result.model.weights = tensors_;
    result.model.storage = storage_;
    result.model.quantized_from = model::ModelIdOf(source_);
    options_.on_progress(TotalParts(), TotalParts());
    return result;
  }

  [[nodiscard]] double AllOperations() const { return std::accumulate(operations_.begin(), operations_.end(), 0.0); }

  void ReportGroup(std::size_t index, std::vector<LayerReport>& reports) const {
    const LayerGroup& group = groups_[index];
    const RoundedGroup& rounded = rounded_[index];
    double all_columns = 0.0;
    for (const nn::Conv2d& product : rounded.products) all_columns += product.out_channels;
    for (std::size_t i = 0; i < group.layers.size(); ++i) {
      reports.push_back({.layer = source_.spec.network.layers[group.layers[i]].name,
                         .stored_as = formats_[index] == WeightFormat::kInt8 ? "int8" : "bfloat16",
                         .share = operations_[index] / AllOperations() * rounded.products[i].out_channels / all_columns,
                         .signal_to_noise_db = rounded.signal_to_noise_db[i]});
    }
  }

  // One part for measuring, and one or two for each group: its loss may be measured, and it is rounded.
  [[nodiscard]] std::size_t TotalParts() const { return 1 + (HasBudget() ? 2 : 1) * groups_.size(); }
  void Advance() { options_.on_progress(std::min(++parts_done_, TotalParts() - 1), TotalParts()); }

  const model::LoadedModel& source_;
  std::span<const CalibrationInput> inputs_;
  const Options& options_;
  std::shared_ptr<Storage> storage_;
  std::vector<int> channels_;
  std::vector<LayerGroup> groups_;
  std::vector<DepthwiseInput> depthwise_inputs_;
  std::vector<double> operations_;     // Of each group, at the first input's size.
  std::vector<WeightFormat> formats_;  // Of each group.
  std::map<int, Samples> float_samples_;
  std::vector<Outputs> float_outputs_;  // Of each input.
  std::vector<RoundedGroup> rounded_;   // Of each group.
  nn::Network network_;                 // Quantized so far.
  nn::TensorMap tensors_;
  std::size_t parts_done_ = 0;
};

}  // namespace

double RelativeSquaredError(const nn::Shape& /*input*/, const Outputs& outputs, const Outputs& float_outputs) {
  double loss = 0.0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    double errors = 0.0;
    double power = 0.0;
    for (std::size_t j = 0; j < outputs[i].size(); ++j) {
      const double expected = double{float_outputs[i][j]};
      errors += (double{outputs[i][j]} - expected) * (double{outputs[i][j]} - expected);
      power += expected * expected;
    }
    if (power > 0.0) loss += errors / power;
  }
  return loss / static_cast<double>(outputs.size());
}

Result<QuantizedModel> QuantizeModel(const model::LoadedModel& model, std::span<const CalibrationInput> inputs,
                                     const Options& options) {
  return Quantizer(model, inputs, options).Run();
}

}  // namespace posenet::quantize

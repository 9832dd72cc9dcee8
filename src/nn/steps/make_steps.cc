// SPDX-License-Identifier: Apache-2.0
#include "nn/steps/make_steps.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "nn/steps/layer_steps.h"

namespace posenet::nn {
namespace {

// Which values an output depends on.
std::vector<bool> NeededValues(const Network& network) {
  std::vector<bool> needed(network.layers.size() + 1);
  for (const Output& output : network.outputs) needed[static_cast<std::size_t>(output.value)] = true;
  for (std::size_t i = network.layers.size(); i-- > 0;) {
    if (!needed[i + 1]) continue;
    for (const int input : network.layers[i].inputs) needed[static_cast<std::size_t>(input)] = true;
  }
  return needed;
}

std::unique_ptr<Step> MakeStep(const Operation& operation, const LayerContext& context) {
  if (const auto* conv = std::get_if<Conv2d>(&operation)) return MakeConvStep(*conv, context);
  if (const auto* pool = std::get_if<Pool>(&operation)) return MakePoolStep(*pool, context);
  if (std::holds_alternative<GlobalAveragePool>(operation)) return MakeGlobalAveragePoolStep(context);
  if (const auto* add = std::get_if<Add>(&operation)) return MakeAddStep(*add, context);
  if (std::holds_alternative<Concat>(operation)) return MakeConcatStep(context);
  if (const auto* layer = std::get_if<FullyConnected>(&operation)) return MakeFullyConnectedStep(*layer, context);
  if (const auto* norm = std::get_if<LocalResponseNorm>(&operation)) return MakeLocalResponseNormStep(*norm, context);
  if (const auto* upsample = std::get_if<Upsample>(&operation)) return MakeUpsampleStep(*upsample, context);
  if (const auto* dropout = std::get_if<Dropout>(&operation)) return MakeDropoutStep(*dropout, context);
  if (const auto* lstm = std::get_if<Lstm>(&operation)) return MakeLstmStep(*lstm, context);
  if (const auto* quantize = std::get_if<Quantize>(&operation)) return MakeQuantizeStep(*quantize, context);
  if (const auto* conv = std::get_if<QuantizedConv2d>(&operation)) return MakeQuantizedConvStep(*conv, context);
  if (const auto* concat = std::get_if<QuantizedConcat>(&operation)) return MakeQuantizedConcatStep(*concat, context);
  if (std::holds_alternative<Dequantize>(operation)) return MakeDequantizeStep(context);
  return MakeActivateStep(std::get<Activate>(operation), context);
}

// Checks layers whose weights depend on the size of the input.
Result<void> CheckWeightRows(const Layer& layer, const PackedLayer& packed, const Shape& input) {
  std::int64_t inputs = 0;
  int expected = 0;
  if (const auto* lstm = std::get_if<Lstm>(&layer.operation)) {
    inputs = StepInputs(*lstm, input);
    expected = std::get<PackedLstm>(packed).input.depth;
  } else if (std::holds_alternative<FullyConnected>(layer.operation)) {
    inputs = input.ElementCount() / input.batch;
    expected = std::get<PackedMatrices>(packed).depth;
  }
  if (inputs == expected) return {};
  return base::Fail(ErrorCode::kCorruptData, "layer ", base::Printable(layer.name), ": weights for ", expected,
                    " inputs; expected ", inputs, " at this input size");
}

// How many layers and outputs read each value.
std::vector<int> ReaderCounts(const Network& network, const std::vector<bool>& needed) {
  std::vector<int> counts(needed.size());
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!needed[i + 1]) continue;
    for (const int input : network.layers[i].inputs) ++counts[static_cast<std::size_t>(input)];
  }
  for (const Output& output : network.outputs) ++counts[static_cast<std::size_t>(output.value)];
  return counts;
}

class StepMaker {
 public:
  StepMaker(const PackedContents& contents, std::span<const Shape> shapes)
      : contents_(contents),
        shapes_(shapes),
        needed_(NeededValues(contents.network)),
        reader_counts_(ReaderCounts(contents.network, needed_)),
        is_fused_(contents.network.layers.size()) {}

  Result<std::vector<std::unique_ptr<Step>>> Make() {
    const std::vector<Layer>& layers = contents_.network.layers;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (const auto expansion = ExpansionBefore(i)) is_fused_[*expansion] = true;
      if (const auto before = DepthwiseBefore(i)) is_fused_[*before] = true;
    }
    std::vector<std::unique_ptr<Step>> steps;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (const PackedHeads* const heads = HeadsOf(i)) {
        // All heads run when the first of them would: their common input has been computed by then.
        if (heads->layers.front() == i) steps.push_back(MakeHeads(*heads));
        continue;
      }
      if (!needed_[i + 1] || is_fused_[i]) continue;
      const LayerContext context = ContextOf(i);
      POSENET_RETURN_IF_ERROR(CheckWeightRows(layers[i], context.packed, context.InputShape()));
      if (const auto expansion = ExpansionBefore(i)) {
        steps.push_back(MakeInvertedResidual(*expansion, i));
      } else if (const auto before = DepthwiseBefore(i)) {
        steps.push_back(MakeDepthwiseProductStep(ConvOf(*before), ContextOf(*before), ConvOf(i), context));
      } else {
        steps.push_back(MakeStep(layers[i].operation, context));
      }
    }
    return steps;
  }

 private:
  [[nodiscard]] const PackedHeads* HeadsOf(std::size_t layer) const {
    for (const PackedHeads& heads : contents_.heads) {
      if (std::find(heads.layers.begin(), heads.layers.end(), layer) != heads.layers.end()) return &heads;
    }
    return nullptr;
  }

  [[nodiscard]] std::unique_ptr<Step> MakeHeads(const PackedHeads& heads) const {
    std::vector<int> outputs;
    std::vector<Activation> activations;
    for (const std::size_t layer : heads.layers) {
      outputs.push_back(static_cast<int>(layer) + 1);
      activations.push_back(ConvOf(layer).activation);
    }
    const LayerContext context = ContextOf(heads.layers.front());
    return MakeHeadsStep(heads.matrices, context.inputs[0], std::move(outputs), std::move(activations), context);
  }

  [[nodiscard]] LayerContext ContextOf(std::size_t layer) const {
    return {.kernels = *contents_.kernels,
            .packed = contents_.layers[layer],
            .shapes = shapes_,
            .types = contents_.types,
            .quantization = contents_.quantization,
            .inputs = contents_.network.layers[layer].inputs,
            .output = static_cast<int>(layer) + 1};
  }

  [[nodiscard]] const Conv2d& ConvOf(std::size_t layer) const {
    return std::get<Conv2d>(contents_.network.layers[layer].operation);
  }

  // The layer that computes the input of layer `layer` and has no other reader, if there is one.
  [[nodiscard]] std::optional<std::size_t> OnlyReadBy(std::size_t layer) const {
    const auto value = static_cast<std::size_t>(contents_.network.layers[layer].inputs[0]);
    if (value == 0 || reader_counts_[value] != 1) return std::nullopt;
    return value - 1;
  }

  [[nodiscard]] bool IsPointwiseProduct(std::size_t layer) const {
    const auto* const conv = std::get_if<Conv2d>(&contents_.network.layers[layer].operation);
    return conv != nullptr && IsPointwise(*conv) && std::holds_alternative<PackedMatrices>(contents_.layers[layer]);
  }

  // The depthwise layer that can be fused with layer `layer`, if `layer` is pointwise and there is one.
  [[nodiscard]] std::optional<std::size_t> DepthwiseReadBy(std::size_t layer) const {
    if (!needed_[layer + 1] || !IsPointwiseProduct(layer)) return std::nullopt;
    const auto before = OnlyReadBy(layer);
    if (!before || !std::holds_alternative<PackedDepthwise>(contents_.layers[*before])) return std::nullopt;
    // What the product would round as it reads it.
    const ElementType row_type = std::get<PackedMatrices>(contents_.layers[layer]).RowType();
    const ElementType type = contents_.types[*before + 1];
    if (type == ElementType::kFloat32 && row_type != ElementType::kFloat32) return std::nullopt;
    return before;
  }

  // The depthwise layer that layer `layer` is fused with.
  [[nodiscard]] std::optional<std::size_t> DepthwiseBefore(std::size_t layer) const {
    const auto before = DepthwiseReadBy(layer);
    if (!before) return std::nullopt;
    const bool is_worth_it = ExpansionBefore(layer).has_value() ||
                             IsWorthFusing(std::get<PackedMatrices>(contents_.layers[layer]), shapes_[*before + 1]);
    return is_worth_it ? before : std::nullopt;
  }

  // The pointwise layer before the depthwise one, if layer `layer` is fused with both.
  [[nodiscard]] std::optional<std::size_t> ExpansionBefore(std::size_t layer) const {
    const auto depthwise = DepthwiseReadBy(layer);
    if (!depthwise) return std::nullopt;
    const auto expansion = OnlyReadBy(*depthwise);
    // One that follows a depthwise layer, as in MobileNetV1, is fused with that.
    if (!expansion || !IsPointwiseProduct(*expansion) || DepthwiseReadBy(*expansion)) return std::nullopt;
    return IsWorthFusing(ConvOf(*depthwise), ContextOf(*depthwise)) ? expansion : std::nullopt;
  }

  [[nodiscard]] std::unique_ptr<Step> MakeInvertedResidual(std::size_t expansion, std::size_t projection) const {
    const std::size_t depthwise = *DepthwiseReadBy(projection);
    return MakeInvertedResidualStep({.expansion_conv = ConvOf(expansion),
                                     .expansion = ContextOf(expansion),
                                     .depthwise_conv = ConvOf(depthwise),
                                     .depthwise = ContextOf(depthwise),
                                     .projection_conv = ConvOf(projection),
                                     .projection = ContextOf(projection)});
  }

  const PackedContents& contents_;
  std::span<const Shape> shapes_;
  std::vector<bool> needed_;
  std::vector<int> reader_counts_;
  std::vector<bool> is_fused_;  // Whether each layer is computed by the step of the layer that reads it.
};

}  // namespace

Result<std::vector<std::unique_ptr<Step>>> MakeSteps(const PackedContents& contents, std::span<const Shape> shapes) {
  return StepMaker(contents, shapes).Make();
}

}  // namespace posenet::nn

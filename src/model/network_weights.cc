// SPDX-License-Identifier: Apache-2.0
#include "model/network_weights.h"

#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"

namespace posenet::model {
namespace {

using Uses = std::map<std::string, WeightUse>;

struct NamedUse {
  std::string tensor;
  WeightUse use;
};

// The numbers that a time step reads if the input is a single cell, and the rule that follows for other inputs.
std::pair<std::int64_t, ShapeRule> StepInputsOf(const nn::Lstm& lstm, int in_channels) {
  switch (lstm.scan) {
    case nn::Scan::kColumns:
      return {lstm.rows, ShapeRule::kExact};
    case nn::Scan::kRows:
      // If the rows do not divide the channels of a cell, nothing is known about their length.
      return {in_channels % lstm.rows == 0 ? in_channels / lstm.rows : 1, ShapeRule::kMultipleOfFirst};
    case nn::Scan::kBatch:
      break;
  }
  return {in_channels, ShapeRule::kMultipleOfFirst};
}

std::vector<NamedUse> UsesOf(const nn::Layer& layer, int in_channels, int out_channels) {
  std::vector<NamedUse> uses;
  const auto add = [&](const std::string& tensor, std::vector<std::int64_t> shape, ShapeRule rule = ShapeRule::kExact,
                       ElementRule elements = ElementRule::kFloatingPoint) {
    uses.push_back({tensor, {std::move(shape), rule, elements, layer.name}});
  };
  if (const auto* conv = std::get_if<nn::Conv2d>(&layer.operation)) {
    const nn::Window& window = conv->window;
    // Weights may be int8 if the layer has their scales.
    add(conv->weights, {window.kernel_height, window.kernel_width, in_channels / conv->groups, conv->out_channels},
        ShapeRule::kExact,
        conv->weight_scales.empty() ? ElementRule::kFloatingPoint : ElementRule::kFloatingPointOrInt8);
    if (!conv->bias.empty()) add(conv->bias, {conv->out_channels});
    if (!conv->weight_scales.empty()) add(conv->weight_scales, {conv->out_channels});
  } else if (const auto* quantized = std::get_if<nn::QuantizedConv2d>(&layer.operation)) {
    const nn::Window& window = quantized->window;
    add(quantized->weights,
        {window.kernel_height, window.kernel_width, in_channels / quantized->groups, quantized->out_channels},
        ShapeRule::kExact, ElementRule::kBytes);
    if (!quantized->bias.empty()) {
      add(quantized->bias, {quantized->out_channels}, ShapeRule::kExact, ElementRule::kInt32);
    }
  } else if (const auto* lstm = std::get_if<nn::Lstm>(&layer.operation)) {
    const std::int64_t gates = std::int64_t{4} * lstm->hidden;
    const auto [step_inputs, rule] = StepInputsOf(*lstm, in_channels);
    add(lstm->input_weights, {step_inputs, gates}, rule);
    add(lstm->recurrent_weights, {lstm->hidden, gates});
    add(lstm->bias, {gates});
  } else if (const auto* full = std::get_if<nn::FullyConnected>(&layer.operation)) {
    add(full->weights, {in_channels, full->out_channels}, ShapeRule::kMultipleOfFirst);
    if (!full->bias.empty()) add(full->bias, {full->out_channels});
  }
  if (!layer.scales.empty()) add(layer.scales, {out_channels});
  if (!layer.zero_points.empty()) add(layer.zero_points, {out_channels});
  return uses;
}

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t extent : shape) text += base::StrCat(text.size() > 1 ? ", " : "", extent);
  return text + "]";
}

bool ShapeFits(const std::vector<std::int64_t>& shape, const WeightUse& use) {
  if (use.rule == ShapeRule::kExact) return shape == use.shape;
  return shape.size() == 2 && shape[0] > 0 && shape[0] % use.shape[0] == 0 && shape[1] == use.shape[1];
}

bool IsFloatingPoint(nn::DType dtype) {
  return dtype == nn::DType::kFloat32 || dtype == nn::DType::kFloat16 || dtype == nn::DType::kBFloat16;
}

bool Allows(ElementRule rule, nn::DType dtype) {
  switch (rule) {
    case ElementRule::kFloatingPoint:
      return IsFloatingPoint(dtype);
    case ElementRule::kFloatingPointOrInt8:
      return IsFloatingPoint(dtype) || dtype == nn::DType::kInt8;
    case ElementRule::kBytes:
      return dtype == nn::DType::kUint8 || dtype == nn::DType::kInt8;
    case ElementRule::kInt32:
      return dtype == nn::DType::kInt32;
  }
  return false;
}

std::string_view WordsFor(ElementRule rule) {
  switch (rule) {
    case ElementRule::kBytes:
      return "elements of another type; expected uint8 or int8";
    case ElementRule::kInt32:
      return "elements of another type; expected int32";
    default:
      return "integer elements; expected floating point";
  }
}

// Whether two layers may share a tensor. One may read it as floats and the other as int8 with scales: the tensor's type
// is checked for each of them later.
bool IsSameKind(ElementRule a, ElementRule b) {
  const auto is_integers = [](ElementRule rule) { return rule == ElementRule::kBytes || rule == ElementRule::kInt32; };
  return a == b || (!is_integers(a) && !is_integers(b));
}

}  // namespace

Result<Uses> WeightsOf(const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> channels, nn::InferChannels(network));
  Uses uses;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const nn::Layer& layer = network.layers[i];
    const int in_channels = channels[static_cast<std::size_t>(layer.inputs.front())];
    for (NamedUse& named : UsesOf(layer, in_channels, channels[i + 1])) {
      const auto [known, is_new] = uses.try_emplace(named.tensor, named.use);
      const WeightUse& first = known->second;
      if (is_new) continue;
      if (!IsSameKind(first.elements, named.use.elements)) {
        return base::Fail(ErrorCode::kInvalidArgument, "layer ", base::Printable(layer.name), ": reads tensor ",
                          base::Printable(named.tensor), " as elements of another type than layer ",
                          base::Printable(first.layer));
      }
      if (named.use.elements == ElementRule::kFloatingPointOrInt8) known->second.elements = named.use.elements;
      if (first.shape != named.use.shape || first.rule != named.use.rule) {
        return base::Fail(ErrorCode::kInvalidArgument, "layer ", base::Printable(layer.name), ": reads tensor ",
                          base::Printable(named.tensor), " as ", ShapeText(named.use.shape), ", layer ",
                          base::Printable(first.layer), " as ", ShapeText(first.shape));
      }
    }
  }
  return uses;
}

Result<void> ValidateWeights(const nn::Network& network, const nn::TensorMap& tensors) {
  POSENET_ASSIGN_OR_RETURN(const Uses uses, WeightsOf(network));
  for (const auto& [name, use] : uses) {
    const std::string where = base::StrCat("tensor ", base::Printable(name), " of layer ", base::Printable(use.layer));
    const auto found = tensors.find(name);
    if (found == tensors.end()) return base::Fail(ErrorCode::kCorruptData, where, ": is missing");
    const nn::TensorView& tensor = found->second;
    if (!Allows(use.elements, tensor.dtype)) {
      return base::Fail(ErrorCode::kUnsupported, where, ": has ", WordsFor(use.elements));
    }
    if (!ShapeFits(tensor.shape, use)) {
      return base::Fail(ErrorCode::kCorruptData, where, ": has shape ", ShapeText(tensor.shape), "; expected ",
                        use.rule == ShapeRule::kMultipleOfFirst ? "a multiple in its first extent of " : "",
                        ShapeText(use.shape));
    }
  }
  return {};
}

}  // namespace posenet::model

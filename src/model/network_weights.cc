// SPDX-License-Identifier: Apache-2.0
#include "model/network_weights.h"

#include <cstddef>
#include <set>
#include <utility>
#include <variant>

#include "base/error.h"

namespace posenet {
namespace {

using Uses = std::map<std::string, WeightUse>;

struct NamedUse {
  std::string tensor;
  WeightUse use;
};

std::vector<NamedUse> UsesOf(const nn::Layer& layer, int in_channels) {
  std::vector<NamedUse> uses;
  const auto add = [&](const std::string& tensor, std::vector<std::int64_t> shape, ShapeRule rule = ShapeRule::kExact) {
    uses.push_back({tensor, {std::move(shape), rule, layer.name}});
  };
  if (const auto* conv = std::get_if<nn::Conv2d>(&layer.operation)) {
    const nn::Window& window = conv->window;
    add(conv->weights, {window.kernel_height, window.kernel_width, in_channels / conv->groups, conv->out_channels});
    if (!conv->bias.empty()) add(conv->bias, {conv->out_channels});
    if (!conv->weight_scales.empty()) add(conv->weight_scales, {conv->out_channels});
    if (!layer.scales.empty()) add(layer.scales, {conv->out_channels});
  } else if (const auto* full = std::get_if<nn::FullyConnected>(&layer.operation)) {
    add(full->weights, {in_channels, full->out_channels}, ShapeRule::kMultipleOfFirst);
    if (!full->bias.empty()) add(full->bias, {full->out_channels});
  }
  return uses;
}

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t extent : shape) text += StrCat(text.size() > 1 ? ", " : "", extent);
  return text + "]";
}

bool ShapeFits(const std::vector<std::int64_t>& shape, const WeightUse& use) {
  if (use.rule == ShapeRule::kExact) return shape == use.shape;
  return shape.size() == 2 && shape[0] > 0 && shape[0] % use.shape[0] == 0 && shape[1] == use.shape[1];
}

// Weights may be whole numbers where the layer says what they count in.
std::set<std::string> Int8Tensors(const nn::Network& network) {
  std::set<std::string> names;
  for (const nn::Layer& layer : network.layers) {
    const auto* const conv = std::get_if<nn::Conv2d>(&layer.operation);
    if (conv != nullptr && !conv->weight_scales.empty()) names.insert(conv->weights);
  }
  return names;
}

bool IsFloatingPoint(nn::DType dtype) {
  return dtype == nn::DType::kFloat32 || dtype == nn::DType::kFloat16 || dtype == nn::DType::kBFloat16;
}

}  // namespace

Result<Uses> WeightsOf(const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> channels, nn::InferChannels(network));
  Uses uses;
  for (const nn::Layer& layer : network.layers) {
    const int in_channels = channels[static_cast<std::size_t>(layer.inputs.front())];
    for (NamedUse& named : UsesOf(layer, in_channels)) {
      const auto [known, is_new] = uses.try_emplace(named.tensor, named.use);
      const WeightUse& first = known->second;
      if (is_new) continue;
      if (first.shape != named.use.shape || first.rule != named.use.rule) {
        return Fail(ErrorCode::kInvalidArgument, "layer ", Printable(layer.name), ": reads tensor ",
                    Printable(named.tensor), " as ", ShapeText(named.use.shape), ", layer ", Printable(first.layer),
                    " as ", ShapeText(first.shape));
      }
    }
  }
  return uses;
}

Result<void> ValidateWeights(const nn::Network& network, const nn::TensorMap& tensors) {
  POSENET_ASSIGN_OR_RETURN(const Uses uses, WeightsOf(network));
  const std::set<std::string> int8_tensors = Int8Tensors(network);
  for (const auto& [name, use] : uses) {
    const std::string where = StrCat("tensor ", Printable(name), " of layer ", Printable(use.layer));
    const auto found = tensors.find(name);
    if (found == tensors.end()) return Fail(ErrorCode::kCorruptData, where, ": is missing");
    const nn::TensorView& tensor = found->second;
    const bool may_be_int8 = tensor.dtype == nn::DType::kInt8 && int8_tensors.contains(name);
    if (!IsFloatingPoint(tensor.dtype) && !may_be_int8) {
      return Fail(ErrorCode::kUnsupported, where, ": has integer elements; expected floating point");
    }
    if (!ShapeFits(tensor.shape, use)) {
      return Fail(ErrorCode::kCorruptData, where, ": has shape ", ShapeText(tensor.shape), "; expected ",
                  use.rule == ShapeRule::kMultipleOfFirst ? "a multiple in its first extent of " : "",
                  ShapeText(use.shape));
    }
  }
  return {};
}

}  // namespace posenet

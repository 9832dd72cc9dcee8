// SPDX-License-Identifier: Apache-2.0
#include "import/folding_builder.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/error.h"
#include "import/graph.h"
#include "import/names.h"

namespace posenet::importer {
namespace {

// The weights and the bias of a layer; null if it has none.
struct WeightNames {
  const std::string* weights = nullptr;
  std::string* bias = nullptr;
};

WeightNames WeightNamesOf(nn::Operation& operation) {
  if (auto* conv = std::get_if<nn::Conv2d>(&operation)) return {&conv->weights, &conv->bias};
  if (auto* full = std::get_if<nn::FullyConnected>(&operation)) return {&full->weights, &full->bias};
  return {};
}

nn::Activation* ActivationOf(nn::Operation& operation) {
  if (auto* conv = std::get_if<nn::Conv2d>(&operation)) return &conv->activation;
  if (auto* full = std::get_if<nn::FullyConnected>(&operation)) return &full->activation;
  if (auto* sum = std::get_if<nn::Add>(&operation)) return &sum->activation;
  return nullptr;
}

bool IsIdentity(const std::vector<double>& scale) {
  return std::all_of(scale.begin(), scale.end(), [](double factor) { return factor == 1.0; });
}

std::vector<float> ToFloats(const std::vector<double>& values) { return {values.begin(), values.end()}; }

}  // namespace

FoldingBuilder::FoldingBuilder() { traits_.push_back({.channels = network_.input_channels}); }

Result<void> FoldingBuilder::Reserve(std::size_t elements) {
  if (elements > kMaxWeightElements - elements_) {
    return base::Fail(ErrorCode::kResourceExhausted, "its weights have more than ", kMaxWeightElements, " elements");
  }
  elements_ += elements;
  return {};
}

Result<int> FoldingBuilder::AddConv(std::string_view name, int input, const nn::Window& window, int groups,
                                    FloatTensor weights_hwio) {
  POSENET_RETURN_IF_ERROR(Reserve(weights_hwio.values.size()));
  std::string layer = UniqueName(WeightedLayerName(name));
  nn::Conv2d conv;
  conv.window = window;
  conv.out_channels = static_cast<int>(weights_hwio.shape.back());
  conv.groups = groups;
  conv.weights = layer + "/weights";
  tensors_[conv.weights] = std::move(weights_hwio);
  const Traits traits{.channels = conv.out_channels};
  return Append(std::move(layer), {input}, std::move(conv), traits);
}

Result<int> FoldingBuilder::AddFullyConnected(std::string_view name, int input, FloatTensor weights_io) {
  POSENET_RETURN_IF_ERROR(Reserve(weights_io.values.size()));
  std::string layer = UniqueName(WeightedLayerName(name));
  nn::FullyConnected full;
  full.out_channels = static_cast<int>(weights_io.shape.back());
  full.weights = layer + "/weights";
  tensors_[full.weights] = std::move(weights_io);
  const Traits traits{.channels = full.out_channels, .is_vector = true};
  return Append(std::move(layer), {input}, std::move(full), traits);
}

int FoldingBuilder::AddPool(std::string_view name, int input, nn::PoolKind kind, const nn::Window& window) {
  return Append(UniqueName(PlainLayerName(name)), {input}, nn::Pool{kind, window},
                {.channels = channels(input), .is_nonnegative = is_nonnegative(input)});
}

int FoldingBuilder::AddGlobalAveragePool(std::string_view name, int input) {
  return Append(UniqueName(PlainLayerName(name)), {input}, nn::GlobalAveragePool{},
                {.channels = channels(input), .is_vector = true, .is_nonnegative = is_nonnegative(input)});
}

int FoldingBuilder::AddSum(std::string_view name, std::vector<int> inputs) {
  const Traits traits{.channels = channels(inputs[0]), .is_vector = is_vector(inputs[0])};
  return Append(UniqueName(PlainLayerName(name)), std::move(inputs), nn::Add{}, traits);
}

int FoldingBuilder::AddConcat(std::string_view name, std::vector<int> inputs) {
  Traits traits{.channels = 0, .is_vector = true, .is_nonnegative = true};
  for (const int input : inputs) {
    traits.channels += channels(input);
    traits.is_vector = traits.is_vector && is_vector(input);
    traits.is_nonnegative = traits.is_nonnegative && is_nonnegative(input);
  }
  return Append(UniqueName(PlainLayerName(name)), std::move(inputs), nn::Concat{}, traits);
}

int FoldingBuilder::AddUpsample(std::string_view name, int input, int factor) {
  return Append(UniqueName(PlainLayerName(name)), {input}, nn::Upsample{factor},
                {.channels = channels(input), .is_nonnegative = is_nonnegative(input)});
}

Result<nn::Shape> FoldingBuilder::ShapeOf(int value, int image_height, int image_width) const {
  nn::Network so_far = network_;
  so_far.outputs = {{"value", value}};
  POSENET_ASSIGN_OR_RETURN(const auto shapes, nn::InferShapes(so_far, {1, image_height, image_width, 3}));
  return shapes[static_cast<std::size_t>(value)];
}

Result<int> FoldingBuilder::Apply(std::string_view name, int value, Sharing sharing, const ChannelAffine& affine) {
  nn::Layer* layer = sharing == Sharing::kExclusive ? LayerOf(value) : nullptr;
  const bool folds = layer != nullptr && WeightNamesOf(layer->operation).weights != nullptr &&
                     *ActivationOf(layer->operation) == nn::Activation::kNone;
  if (!folds) {
    FloatTensor ones{{1, 1, 1, channels(value)}, std::vector<float>(affine.scale.size(), 1.0F)};
    const bool was_vector = is_vector(value);
    POSENET_ASSIGN_OR_RETURN(value, AddConv(name, value, nn::Window{}, channels(value), std::move(ones)));
    traits_.back().is_vector = was_vector;
  }
  POSENET_RETURN_IF_ERROR(Fold(affine, *LayerOf(value)));
  return value;
}

Result<void> FoldingBuilder::Fold(const ChannelAffine& affine, nn::Layer& layer) {
  const WeightNames names = WeightNamesOf(layer.operation);
  const std::size_t channel_count = affine.scale.size();
  if (!IsIdentity(affine.scale)) {
    std::vector<float>& weights = tensors_[*names.weights].values;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = static_cast<float>(weights[i] * affine.scale[i % channel_count]);
    }
  }
  if (names.bias->empty()) {
    POSENET_RETURN_IF_ERROR(Reserve(channel_count));
    *names.bias = layer.name + "/biases";
    tensors_[*names.bias] = {{static_cast<std::int64_t>(channel_count)}, ToFloats(affine.bias)};
    return {};
  }
  std::vector<float>& bias = tensors_[*names.bias].values;
  for (std::size_t i = 0; i < channel_count; ++i) {
    bias[i] = static_cast<float>(bias[i] * affine.scale[i] + affine.bias[i]);
  }
  return {};
}

Result<int> FoldingBuilder::Apply(std::string_view name, int value, Sharing sharing, nn::Activation activation) {
  nn::Layer* layer = sharing == Sharing::kExclusive ? LayerOf(value) : nullptr;
  nn::Activation* place = layer == nullptr ? nullptr : ActivationOf(layer->operation);
  if (place != nullptr && *place == nn::Activation::kNone) {
    *place = activation;
    traits_[static_cast<std::size_t>(value)].is_nonnegative = true;
    return value;
  }
  Traits traits = traits_[static_cast<std::size_t>(value)];
  traits.is_nonnegative = true;
  return Append(UniqueName(PlainLayerName(name)), {value}, nn::Activate{activation}, traits);
}

// A depthwise convolution that copies one cell of its window. Padding must be smaller than the window: so the window
// spans the border and one cell, the padding is the whole border on every side, and the position of the copied cell
// shifts the value into place.
Result<int> FoldingBuilder::AddBorder(std::string_view name, int value, const nn::Padding& border) {
  const int rows = border.top + border.bottom;
  const int columns = border.left + border.right;
  nn::Window window;
  window.kernel_height = rows + 1;
  window.kernel_width = columns + 1;
  window.padding = {nn::PaddingMode::kExplicit, rows, rows, columns, columns};
  const auto channel_count = static_cast<std::size_t>(channels(value));
  FloatTensor weights{{window.kernel_height, window.kernel_width, 1, channels(value)}, {}};
  const std::size_t cells = static_cast<std::size_t>(rows + 1) * static_cast<std::size_t>(columns + 1);
  weights.values.resize(cells * channel_count);
  const int copied_cell = border.bottom * window.kernel_width + border.right;
  const std::size_t copied = static_cast<std::size_t>(copied_cell);
  std::fill_n(weights.values.begin() + static_cast<std::ptrdiff_t>(copied * channel_count), channel_count, 1.0F);
  return AddConv(name, value, window, channels(value), std::move(weights));
}

int FoldingBuilder::Append(std::string name, std::vector<int> inputs, nn::Operation operation, Traits traits) {
  network_.layers.push_back({std::move(name), std::move(inputs), std::move(operation)});
  traits_.push_back(traits);
  return static_cast<int>(network_.layers.size());
}

std::string FoldingBuilder::UniqueName(std::string name) {
  while (true) {
    const int count = ++name_counts_[name];
    if (count == 1) return name;
    name += base::StrCat('_', count);
  }
}

nn::Layer* FoldingBuilder::LayerOf(int value) {
  return value == 0 ? nullptr : &network_.layers[static_cast<std::size_t>(value) - 1];
}

}  // namespace posenet::importer

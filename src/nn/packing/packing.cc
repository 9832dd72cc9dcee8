// SPDX-License-Identifier: Apache-2.0
#include "nn/packing/packing.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "base/error.h"
#include "nn/graph/bfloat16.h"
#include "nn/packing/winograd_weights.h"

namespace posenet::nn {
namespace {

// Fewer channels than floats in a cache line.
constexpr int kMaxJoinedChannels = 15;

tl::unexpected<Error> OutOfMemory() {
  return base::Fail(ErrorCode::kResourceExhausted, "not enough memory for the packed weights");
}

// Makes results of a product of `kind` come out as integers in `units`, those of the output channels.
void ConvertToUnits(const IntegerUnits& units, ProductKind kind, LayerWeights& layer) {
  const std::vector<float>& scales = units.scales;
  if (scales.empty()) return;
  for (std::size_t i = 0; i < layer.bias.size(); ++i) layer.bias[i] /= scales[i];
  for (std::size_t i = 0; i < units.zero_points.size(); ++i) layer.bias[i] += units.zero_points[i];
  // Scaled weights of low precision would be rounded a second time: the sums are scaled instead.
  if (kind == ProductKind::kBFloat16) layer.weight_scales.assign(layer.bias.size(), 1.0F);
  for (std::size_t i = 0; i < layer.weight_scales.size(); ++i) layer.weight_scales[i] /= scales[i];
  if (kind == ProductKind::kBFloat16) return;
  for (std::size_t start = 0; start < layer.weights.size(); start += scales.size()) {
    for (std::size_t column = 0; column < scales.size(); ++column) layer.weights[start + column] /= scales[column];
  }
}

// A range of the columns of weights that are laid out as [row][row_stride].
struct PanelSource {
  const LayerWeights& layer;
  std::size_t rows;
  std::size_t row_stride;
  std::size_t first;
  std::size_t columns;
};

void PackPanel(const PanelSource& source, std::size_t panel_columns, float* panel) {
  std::fill_n(panel, (1 + source.rows) * panel_columns, 0.0F);
  std::copy_n(source.layer.bias.data() + source.first, source.columns, panel);
  for (std::size_t row = 0; row < source.rows; ++row) {
    std::copy_n(source.layer.weights.data() + row * source.row_stride + source.first, source.columns,
                panel + (1 + row) * panel_columns);
  }
}

// Packs B in groups of rows; `element(i)` converts weight i to its packed form.
template <typename Element, typename Function>
void PackGroups(const PanelSource& source, const DotGemm& dot, Element* groups, const Function& element) {
  const auto group = static_cast<std::size_t>(dot.group);
  const auto panel_columns = static_cast<std::size_t>(dot.columns);
  for (std::size_t row = 0; row < source.rows; ++row) {
    Element* const out = groups + row / group * panel_columns * group + row % group;
    const std::size_t in = row * source.row_stride + source.first;
    for (std::size_t column = 0; column < source.columns; ++column) out[column * group] = element(in + column);
  }
}

void PackSumsOfColumns(const PanelSource& source, int factor, std::int32_t* sums) {
  for (std::size_t row = 0; row < source.rows; ++row) {
    const std::int8_t* const weights = source.layer.int8_weights.data() + row * source.row_stride + source.first;
    for (std::size_t column = 0; column < source.columns; ++column) sums[column] += factor * weights[column];
  }
}

void PackDotPanel(const PanelSource& source, const DotGemm& dot, std::byte* panel) {
  const LayerWeights& layer = source.layer;
  std::memset(panel, 0, dot.PanelBytes(static_cast<int>(source.rows)));
  auto* header = reinterpret_cast<float*>(panel);
  std::copy_n(layer.bias.data() + source.first, source.columns, header);
  header += dot.columns;
  if (layer.weight_scales.empty()) {
    std::fill_n(header, source.columns, 1.0F);
  } else {
    std::copy_n(layer.weight_scales.data() + source.first, source.columns, header);
  }
  header += dot.columns;
  if (dot.a_offset != 0) {
    PackSumsOfColumns(source, dot.a_offset, reinterpret_cast<std::int32_t*>(header));
    header += dot.columns;
  }
  if (dot.a_type == ElementType::kBFloat16) {
    PackGroups(source, dot, reinterpret_cast<std::uint16_t*>(header),
               [&](std::size_t i) { return ToBFloat16(layer.weights[i]); });
  } else if (dot.b_bytes == 2) {
    PackGroups(source, dot, reinterpret_cast<std::int16_t*>(header),
               [&](std::size_t i) { return std::int16_t{layer.int8_weights[i]}; });
  } else {
    PackGroups(source, dot, reinterpret_cast<std::int8_t*>(header),
               [&](std::size_t i) { return layer.int8_weights[i]; });
  }
}

// Packs `layer` for the float product, or for `dot` if that is not null.
Result<PackedMatrices> PackMatrices(const LayerWeights& layer, int groups, int stretch_count, int depth,
                                    const Kernels& kernels, const DotGemm* dot = nullptr) {
  const std::size_t out_channels = layer.bias.size();
  const std::size_t rows = layer.RowCount();
  PackedMatrices packed;
  packed.dot = dot;
  packed.stretch_count = stretch_count;
  packed.depth = depth;
  packed.columns = static_cast<int>(out_channels) / groups;
  packed.panel_columns = dot == nullptr ? kernels.gemm_columns : dot->columns;
  packed.tile_rows = dot == nullptr ? kernels.gemm_rows : dot->rows;
  const auto panel_columns = static_cast<std::size_t>(packed.panel_columns);
  const auto columns = static_cast<std::size_t>(packed.columns);
  packed.panel_bytes = dot == nullptr ? (1 + rows) * panel_columns * sizeof(float) : dot->PanelBytes(depth);
  packed.panels = MakeAlignedBuffer<std::byte>(packed.panel_bytes * static_cast<std::size_t>(packed.PanelCount()) *
                                               static_cast<std::size_t>(groups));
  if (packed.panels == nullptr) return OutOfMemory();
  std::byte* panel = packed.panels.get();
  for (std::size_t group = 0; group < static_cast<std::size_t>(groups); ++group) {
    for (std::size_t first = 0; first < columns; first += panel_columns, panel += packed.panel_bytes) {
      const PanelSource source = {layer, rows, out_channels, group * columns + first,
                                  std::min(panel_columns, columns - first)};
      if (dot == nullptr) {
        PackPanel(source, panel_columns, reinterpret_cast<float*>(panel));
      } else {
        PackDotPanel(source, *dot, panel);
      }
    }
  }
  return packed;
}

// `input_scales` is empty unless the input is stored as integers.
Result<PackedLayer> PackDepthwise(LayerWeights layer, std::span<const float> input_scales) {
  for (std::size_t i = 0; i < layer.weights.size() && !input_scales.empty(); ++i) {
    layer.weights[i] *= input_scales[i % input_scales.size()];
  }
  PackedDepthwise packed;
  packed.weights = MakeAlignedBuffer<float>(layer.weights.size() + layer.bias.size());
  if (packed.weights == nullptr) return OutOfMemory();
  float* const bias = std::copy(layer.weights.begin(), layer.weights.end(), packed.weights.get());
  std::copy(layer.bias.begin(), layer.bias.end(), bias);
  packed.bias = bias;
  return packed;
}

// Joins the weights of layers that read the same value, output channels side by side.
LayerWeights SideBySide(std::span<const LayerWeights> parts) {
  LayerWeights joined;
  const std::size_t rows = parts[0].RowCount();
  const auto append_row = [](const auto& from, std::ptrdiff_t row, std::ptrdiff_t columns, auto& to) {
    if (!from.empty()) to.insert(to.end(), from.begin() + row * columns, from.begin() + (row + 1) * columns);
  };
  for (std::ptrdiff_t row = 0; row < static_cast<std::ptrdiff_t>(rows); ++row) {
    for (const LayerWeights& part : parts) {
      const auto columns = static_cast<std::ptrdiff_t>(part.bias.size());
      append_row(part.weights, row, columns, joined.weights);
      append_row(part.int8_weights, row, columns, joined.int8_weights);
    }
  }
  for (const LayerWeights& part : parts) {
    joined.bias.insert(joined.bias.end(), part.bias.begin(), part.bias.end());
    joined.weight_scales.insert(joined.weight_scales.end(), part.weight_scales.begin(), part.weight_scales.end());
  }
  return joined;
}

const DotGemm* DotOf(ProductKind kind, const Kernels& kernels) {
  if (kind == ProductKind::kInt8) return &kernels.int8_gemm;
  return kind == ProductKind::kBFloat16 ? &kernels.bfloat16_gemm : nullptr;
}

Result<PackedLayer> PackFullyConnected(const FullyConnected& layer, const TensorMap& tensors, const Kernels& kernels) {
  POSENET_ASSIGN_OR_RETURN(const LayerWeights weights, ReadFullyConnectedWeights(layer, tensors));
  const std::size_t inputs = weights.weights.size() / weights.bias.size();
  return PackMatrices(weights, /*groups=*/1, /*stretch_count=*/1, static_cast<int>(inputs), kernels);
}

Result<PackedLayer> PackLstm(const Lstm& lstm, const TensorMap& tensors, const Kernels& kernels) {
  POSENET_ASSIGN_OR_RETURN(const LstmWeights weights, ReadLstmWeights(lstm, tensors));
  const auto inputs = static_cast<int>(weights.input.weights.size() / weights.input.bias.size());
  PackedLstm packed;
  POSENET_ASSIGN_OR_RETURN(packed.input,
                           PackMatrices(weights.input, /*groups=*/1, /*stretch_count=*/1, inputs, kernels));
  POSENET_ASSIGN_OR_RETURN(packed.recurrent,
                           PackMatrices(weights.recurrent, /*groups=*/1, /*stretch_count=*/1, lstm.hidden, kernels));
  return packed;
}

// Packs the layers of a network one by one.
class Packer {
 public:
  Packer(const PackedContents& contents, const Storage& storage, const TensorMap& tensors)
      : contents_(contents), storage_(storage), tensors_(tensors) {}

  Result<void> ReadAllUnits() {
    units_.emplace_back();
    for (std::size_t i = 0; i < contents_.network.layers.size(); ++i) {
      const Layer& layer = contents_.network.layers[i];
      auto units = ReadUnits(layer, contents_.channels[i + 1], tensors_);
      if (!units) return base::FailIn(units.error(), "layer ", base::Printable(layer.name));
      units_.push_back(*std::move(units));
    }
    return {};
  }

  /// The layers to pack together: pointwise convolutions of one value and one precision that are outputs.
  [[nodiscard]] std::vector<std::vector<std::size_t>> FindHeads() const {
    std::map<std::pair<int, ProductKind>, std::set<std::size_t>> by_input;
    for (const Output& output : contents_.network.outputs) {
      if (output.value == 0) continue;
      const auto layer = static_cast<std::size_t>(output.value) - 1;
      const auto* const conv = std::get_if<Conv2d>(&contents_.network.layers[layer].operation);
      if (conv == nullptr || !IsPointwise(*conv)) continue;
      by_input[{contents_.network.layers[layer].inputs[0], storage_.kinds[layer]}].insert(layer);
    }
    std::vector<std::vector<std::size_t>> heads;
    for (const auto& [key, layers] : by_input) {
      if (layers.size() > 1) heads.emplace_back(layers.begin(), layers.end());
    }
    return heads;
  }

  [[nodiscard]] Result<PackedMatrices> PackHeads(const std::vector<std::size_t>& layers) const {
    std::vector<LayerWeights> parts;
    for (const std::size_t layer : layers) {
      auto part = ReadWeights(std::get<Conv2d>(contents_.network.layers[layer].operation), layer);
      if (!part) return base::FailIn(part.error(), "layer ", base::Printable(contents_.network.layers[layer].name));
      parts.push_back(*std::move(part));
    }
    const auto input = static_cast<std::size_t>(contents_.network.layers[layers[0]].inputs[0]);
    return PackPointwise(SideBySide(parts), input, storage_.kinds[layers[0]]);
  }

  [[nodiscard]] Result<PackedLayer> Pack(std::size_t index) const {
    const Layer& layer = contents_.network.layers[index];
    if (const auto* conv = std::get_if<Conv2d>(&layer.operation)) return PackConv(*conv, index);
    if (const auto* connected = std::get_if<FullyConnected>(&layer.operation)) {
      return PackFullyConnected(*connected, tensors_, *contents_.kernels);
    }
    if (const auto* lstm = std::get_if<Lstm>(&layer.operation)) return PackLstm(*lstm, tensors_, *contents_.kernels);
    if (const auto* conv = std::get_if<QuantizedConv2d>(&layer.operation)) {
      const auto input = static_cast<std::size_t>(layer.inputs[0]);
      return PackQuantizedConv(*conv, *contents_.quantization[input], contents_.channels[input], tensors_);
    }
    return PackedLayer{};
  }

 private:
  // The units of a value that is stored as integers.
  [[nodiscard]] IntegerUnits StoredUnits(std::size_t value) const {
    if (contents_.quantization[value]) return {};
    return UnitsInForce(storage_.types[value], units_[value]);
  }

  // Packs a product in low precision.
  [[nodiscard]] Result<PackedMatrices> PackPointwise(const LayerWeights& weights, std::size_t input,
                                                     ProductKind kind) const {
    const Kernels& kernels = *contents_.kernels;
    POSENET_ASSIGN_OR_RETURN(PackedMatrices packed,
                             PackMatrices(weights, /*groups=*/1, /*stretch_count=*/1, contents_.channels[input],
                                          kernels, DotOf(kind, kernels)));
    if (kind == ProductKind::kInt8 && storage_.types[input] == ElementType::kFloat32) {
      packed.row_zero_points = units_[input].zero_points;
      packed.row_zero_points.resize(units_[input].scales.size());
      for (const float scale : units_[input].scales) packed.row_factors.push_back(1.0F / scale);
    }
    return packed;
  }

  // The weights in the units of the layer's input and output; for a depthwise convolution, of its output only.
  [[nodiscard]] Result<LayerWeights> ReadWeights(const Conv2d& conv, std::size_t index) const {
    const auto input = static_cast<std::size_t>(contents_.network.layers[index].inputs[0]);
    POSENET_ASSIGN_OR_RETURN(LayerWeights weights, ReadConvWeights(conv, contents_.channels[input], tensors_));
    const ProductKind kind = storage_.kinds[index];
    if (!weights.int8_weights.empty() && kind != ProductKind::kInt8) {
      if (units_[input].scales.empty()) {
        return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(conv.weights),
                          " is of type int8, but the layer's input has no scales");
      }
      FillFloats(weights);
      DivideByInputScales(units_[input].scales, weights);
    }
    if (kind == ProductKind::kInt8) SubtractZeroPoints(units_[input].zero_points, weights);
    ConvertToUnits(StoredUnits(index + 1), kind, weights);
    return weights;
  }

  [[nodiscard]] Result<PackedLayer> PackConv(const Conv2d& conv, std::size_t index) const {
    const auto input = static_cast<std::size_t>(contents_.network.layers[index].inputs[0]);
    const int in_channels = contents_.channels[input];
    POSENET_ASSIGN_OR_RETURN(LayerWeights weights, ReadWeights(conv, index));
    if (IsDepthwise(conv, in_channels)) return PackDepthwise(std::move(weights), StoredUnits(input).scales);
    if (storage_.kinds[index] != ProductKind::kFloat32) return PackPointwise(weights, input, storage_.kinds[index]);
    const Kernels& kernels = *contents_.kernels;
    constexpr auto kFloat = ElementType::kFloat32;
    if (SuitsWinograd(conv, in_channels) && storage_.types[input] == kFloat && storage_.types[index + 1] == kFloat) {
      const LayerWeights transformed = TransformForWinograd(weights, in_channels);
      POSENET_ASSIGN_OR_RETURN(PackedMatrices matrices,
                               PackMatrices(transformed, kWinogradCells, /*stretch_count=*/1, in_channels, kernels));
      return PackedWinograd{std::move(matrices)};
    }
    const bool joins = JoinsTapsOfRow(conv, in_channels);
    const int taps_of_row = conv.window.kernel_width;
    const int stretch_count = conv.window.kernel_height * (joins ? 1 : taps_of_row);
    const int depth = in_channels / conv.groups * (joins ? taps_of_row : 1);
    return PackMatrices(weights, conv.groups, stretch_count, depth, kernels);
  }

  const PackedContents& contents_;
  const Storage& storage_;
  const TensorMap& tensors_;
  std::vector<IntegerUnits> units_;  // Of each value.
};

}  // namespace

bool JoinsTapsOfRow(const Conv2d& conv, int in_channels) {
  return conv.groups == 1 && conv.window.dilation_width == 1 && conv.window.kernel_width > 1 &&
         in_channels <= kMaxJoinedChannels;
}

Result<std::unique_ptr<const PackedContents>> PackNetwork(const Network& network, const TensorMap& weights,
                                                          const Kernels& kernels, BFloat16Use bfloat16) {
  auto contents = std::make_unique<PackedContents>();
  POSENET_ASSIGN_OR_RETURN(contents->channels, InferChannels(network));
  POSENET_ASSIGN_OR_RETURN(contents->quantization, InferQuantization(network));
  contents->network = network;
  contents->kernels = &kernels;
  const Storage storage = ChooseStorage(network, contents->channels, weights, bfloat16);
  contents->types = storage.types;
  contents->layers.reserve(network.layers.size());
  Packer packer(*contents, storage, weights);
  POSENET_RETURN_IF_ERROR(packer.ReadAllUnits());
  std::set<std::size_t> packed_together;
  for (std::vector<std::size_t>& layers : packer.FindHeads()) {
    POSENET_ASSIGN_OR_RETURN(PackedMatrices matrices, packer.PackHeads(layers));
    packed_together.insert(layers.begin(), layers.end());
    contents->heads.push_back({std::move(layers), std::move(matrices)});
  }
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (packed_together.contains(i)) {
      contents->layers.emplace_back();
      continue;
    }
    auto packed = packer.Pack(i);
    if (!packed) return base::FailIn(packed.error(), "layer ", base::Printable(network.layers[i].name));
    contents->layers.push_back(*std::move(packed));
  }
  return contents;
}

}  // namespace posenet::nn

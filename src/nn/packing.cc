// SPDX-License-Identifier: Apache-2.0
#include "nn/packing.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"

namespace posenet::nn {
namespace {

// Below a cache line of channels.
constexpr int kMaxJoinedChannels = 15;

tl::unexpected<Error> OutOfMemory() { return Fail(ErrorCode::kResourceExhausted, "no memory for the packed weights"); }

// Copies one panel: columns [first, first + panel_columns) of weights that lie [row][row_stride].
void PackPanel(const LayerWeights& layer, std::size_t rows, std::size_t row_stride, std::size_t first,
               std::size_t columns, std::size_t panel_columns, float* panel) {
  std::fill_n(panel, (1 + rows) * panel_columns, 0.0F);
  std::copy_n(layer.bias.data() + first, columns, panel);
  for (std::size_t row = 0; row < rows; ++row) {
    std::copy_n(layer.weights.data() + row * row_stride + first, columns, panel + (1 + row) * panel_columns);
  }
}

Result<PackedLayer> PackMatrices(const LayerWeights& layer, int groups, int stretch_count, int depth,
                                 const Kernels& kernels) {
  const std::size_t out_channels = layer.bias.size();
  const std::size_t rows = layer.weights.size() / out_channels;
  PackedMatrices packed;
  packed.stretch_count = stretch_count;
  packed.depth = depth;
  packed.columns = static_cast<int>(out_channels) / groups;
  packed.panel_columns = kernels.gemm_columns;
  const auto panel_columns = static_cast<std::size_t>(packed.panel_columns);
  const auto columns = static_cast<std::size_t>(packed.columns);
  packed.panel_floats = (1 + rows) * panel_columns;
  packed.panels = MakeAlignedBuffer(packed.panel_floats * static_cast<std::size_t>(packed.PanelCount()) *
                                    static_cast<std::size_t>(groups));
  if (packed.panels == nullptr) return OutOfMemory();
  float* panel = packed.panels.get();
  for (std::size_t group = 0; group < static_cast<std::size_t>(groups); ++group) {
    for (std::size_t first = 0; first < columns; first += panel_columns, panel += packed.panel_floats) {
      PackPanel(layer, rows, out_channels, group * columns + first, std::min(panel_columns, columns - first),
                panel_columns, panel);
    }
  }
  return packed;
}

Result<PackedLayer> PackDepthwise(const LayerWeights& layer) {
  PackedDepthwise packed;
  packed.weights = MakeAlignedBuffer(layer.weights.size() + layer.bias.size());
  if (packed.weights == nullptr) return OutOfMemory();
  float* const bias = std::copy(layer.weights.begin(), layer.weights.end(), packed.weights.get());
  std::copy(layer.bias.begin(), layer.bias.end(), bias);
  packed.bias = bias;
  return packed;
}

Result<PackedLayer> PackConv(const Conv2d& conv, int in_channels, const TensorMap& tensors, const Kernels& kernels) {
  POSENET_ASSIGN_OR_RETURN(const LayerWeights weights, ReadConvWeights(conv, in_channels, tensors));
  if (IsDepthwise(conv, in_channels)) return PackDepthwise(weights);
  const bool joins = JoinsTapsOfRow(conv, in_channels);
  const int taps_of_row = conv.window.kernel_width;
  const int stretch_count = conv.window.kernel_height * (joins ? 1 : taps_of_row);
  const int depth = in_channels / conv.groups * (joins ? taps_of_row : 1);
  return PackMatrices(weights, conv.groups, stretch_count, depth, kernels);
}

Result<PackedLayer> PackFullyConnected(const FullyConnected& layer, const TensorMap& tensors, const Kernels& kernels) {
  POSENET_ASSIGN_OR_RETURN(const LayerWeights weights, ReadFullyConnectedWeights(layer, tensors));
  const std::size_t inputs = weights.weights.size() / weights.bias.size();
  return PackMatrices(weights, /*groups=*/1, /*stretch_count=*/1, static_cast<int>(inputs), kernels);
}

Result<PackedLayer> PackLayer(const Layer& layer, int in_channels, const TensorMap& tensors, const Kernels& kernels) {
  if (const auto* conv = std::get_if<Conv2d>(&layer.operation)) return PackConv(*conv, in_channels, tensors, kernels);
  if (const auto* connected = std::get_if<FullyConnected>(&layer.operation)) {
    return PackFullyConnected(*connected, tensors, kernels);
  }
  return PackedLayer{};
}

Result<const Kernels*> FindKernels(std::string_view instruction_set) {
  for (const Kernels& kernels : SupportedKernels()) {
    if (instruction_set.empty() || kernels.instruction_set == instruction_set) return &kernels;
  }
  std::string known;
  for (const Kernels& kernels : SupportedKernels()) known += StrCat(known.empty() ? "" : ", ", kernels.instruction_set);
  return Fail(ErrorCode::kUnsupported, "instruction set ", Printable(instruction_set), "; this CPU and build have ",
              known);
}

}  // namespace

bool IsDepthwise(const Conv2d& conv, int in_channels) {
  return conv.groups == in_channels && conv.out_channels == in_channels;
}

bool IsPointwise(const Conv2d& conv) {
  Window one_cell;
  one_cell.padding = conv.window.padding;
  one_cell.dilation_height = conv.window.dilation_height;  // Without meaning for a single tap.
  one_cell.dilation_width = conv.window.dilation_width;
  // A window of one cell takes no padding.
  return conv.groups == 1 && conv.window == one_cell;
}

bool JoinsTapsOfRow(const Conv2d& conv, int in_channels) {
  return conv.groups == 1 && conv.window.dilation_width == 1 && conv.window.kernel_width > 1 &&
         in_channels <= kMaxJoinedChannels;
}

PackedNetwork::PackedNetwork(std::unique_ptr<const PackedContents> contents) : contents_(std::move(contents)) {}
PackedNetwork::~PackedNetwork() = default;

Result<std::shared_ptr<const PackedNetwork>> PackedNetwork::Create(const Network& network, const TensorMap& weights,
                                                                   std::string_view instruction_set) {
  auto contents = std::make_unique<PackedContents>();
  POSENET_ASSIGN_OR_RETURN(contents->channels, InferChannels(network));
  POSENET_ASSIGN_OR_RETURN(contents->kernels, FindKernels(instruction_set));
  contents->network = network;
  contents->layers.reserve(network.layers.size());
  for (const Layer& layer : network.layers) {
    const int in_channels = contents->channels[static_cast<std::size_t>(layer.inputs[0])];
    auto packed = PackLayer(layer, in_channels, weights, *contents->kernels);
    if (!packed) return FailIn(packed.error(), "layer ", Printable(layer.name));
    contents->layers.push_back(*std::move(packed));
  }
  return std::shared_ptr<const PackedNetwork>(new PackedNetwork(std::move(contents)));
}

std::string_view PackedNetwork::instruction_set() const { return contents_->kernels->instruction_set; }

std::vector<std::string> SupportedInstructionSets() {
  std::vector<std::string> names;
  for (const Kernels& kernels : SupportedKernels()) names.emplace_back(kernels.instruction_set);
  return names;
}

}  // namespace posenet::nn

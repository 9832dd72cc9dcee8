// SPDX-License-Identifier: Apache-2.0
#include "export/network_to_onnx.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "export/network_writer.h"
#include "export/onnx_graph.h"
#include "export/onnx_weights.h"

namespace posenet::exporter {
namespace {

// Whether the padding of `window` depends on the image size. TensorFlow's SAME always pads windows of stride 1 by their
// extent minus one, and windows of a single cell not at all.
bool DependsOnSize(const nn::Window& window) {
  return window.padding.mode == nn::PaddingMode::kSame && ((window.stride_height > 1 && window.kernel_height > 1) ||
                                                           (window.stride_width > 1 && window.kernel_width > 1));
}

// Whether the last window of a pool with rounding up may begin beyond the input: it begins at least kernel - stride + 1
// cells before the end of the padding.
bool MayBeginBeyondInput(const nn::Window& window) {
  return window.padding.bottom > window.kernel_height - window.stride_height ||
         window.padding.right > window.kernel_width - window.stride_width;
}

}  // namespace

Result<base::ProtoMessage> NetworkWriter::Write(const OnnxOptions& options) && {
  POSENET_ASSIGN_OR_RETURN(channels_, nn::InferChannels(network_));
  if (options.size) POSENET_RETURN_IF_ERROR(FixSize(*options.size));
  POSENET_RETURN_IF_ERROR(NameOutputs());
  std::vector<OnnxDimension> input = {Batch(), network_.input_channels, "height", "width"};
  if (!shapes_.empty()) input = {Batch(), network_.input_channels, shapes_[0].height, shapes_[0].width};
  graph_.AddInput(kOnnxInput, input);
  values_.push_back({.name = kOnnxInput});
  for (const nn::Layer& layer : network_.layers) {
    const auto written = WriteLayer(layer);
    if (!written) return base::FailIn(written.error(), "layer ", base::Printable(layer.name));
  }
  WriteOutputs();
  return std::move(graph_).Build();
}

Result<void> NetworkWriter::FixSize(const OnnxInputSize& size) {
  POSENET_ASSIGN_OR_RETURN(
      shapes_, nn::InferShapes(
                   network_, {.height = size.height_px, .width = size.width_px, .channels = network_.input_channels}));
  return {};
}

// Reserves the names of outputs before any other value takes them.
Result<void> NetworkWriter::NameOutputs() {
  std::set<std::string> taken = {graph_.UniqueName(kOnnxInput)};
  for (const nn::Output& output : network_.outputs) {
    if (output.name.empty() || output.name != base::Printable(output.name, kMaxNameBytes)) {
      return base::Fail(ErrorCode::kInvalidArgument, "an output is named \"", base::Printable(output.name),
                        "\"; expected a name of 1 to ", kMaxNameBytes, " printable bytes");
    }
    if (!taken.insert(output.name).second) {
      return base::Fail(ErrorCode::kInvalidArgument, "two values are named ", base::Printable(output.name),
                        "; expected outputs with names that differ from each other and from the input's");
    }
    std::string name = graph_.UniqueName(output.name);
    if (output.value > 0) output_names_.try_emplace(output.value, std::move(name));
  }
  return {};
}

Result<void> NetworkWriter::WriteLayer(const nn::Layer& layer) {
  return std::visit([&](const auto& operation) { return Add(layer, operation); }, layer.operation);
}

void NetworkWriter::WriteOutputs() {
  for (const nn::Output& output : network_.outputs) {
    const Value& value = values_[ValueIndex(output.value)];
    if (value.name != output.name) {
      graph_.AddNode({.op_type = "Identity", .name = output.name, .inputs = {value.name}, .output = output.name});
    }
    std::vector<OnnxDimension> shape = {Batch(), channels_[ValueIndex(output.value)]};
    if (value.rank == Rank::kMap && shapes_.empty()) {
      shape.emplace_back(output.name + "_height");
      shape.emplace_back(output.name + "_width");
    } else if (value.rank == Rank::kMap) {
      shape.emplace_back(shapes_[ValueIndex(output.value)].height);
      shape.emplace_back(shapes_[ValueIndex(output.value)].width);
    }
    graph_.AddOutput(output.name, shape);
  }
}

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::Conv2d& conv) {
  const int input = layer.inputs.front();
  if (!conv.weight_scales.empty()) {
    return base::Fail(ErrorCode::kUnsupported, "has int8 weights; expected the float model that it was quantized from");
  }
  OnnxNode node{.op_type = "Conv"};
  POSENET_ASSIGN_OR_RETURN(node.attributes, WindowAttributes(conv.window, input));
  node.attributes.push_back(
      {"dilations", std::vector<std::int64_t>{conv.window.dilation_height, conv.window.dilation_width}});
  node.attributes.push_back({"group", conv.groups});
  POSENET_ASSIGN_OR_RETURN(const std::string weights, ConvWeights(conv.weights));
  node.inputs = {MapOf(input), weights};
  if (!conv.bias.empty()) {
    POSENET_ASSIGN_OR_RETURN(node.inputs.emplace_back(), Bias(conv.bias));
  }
  AddNodes(layer, std::move(node), conv.activation, Rank::kMap);
  return {};
}

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::Pool& pool) {
  const int input = layer.inputs.front();
  if (pool.window.padding.mode == nn::PaddingMode::kRoundUp && shapes_.empty() && MayBeginBeyondInput(pool.window)) {
    return base::Fail(
        ErrorCode::kUnsupported,
        "a pool with rounding up leaves out windows that begin in its padding, which ONNX cannot express; expected a "
        "fixed size");
  }
  OnnxNode node{.op_type = pool.kind == nn::PoolKind::kMax ? "MaxPool" : "AveragePool"};
  POSENET_ASSIGN_OR_RETURN(node.attributes, WindowAttributes(pool.window, input));
  if (pool.kind == nn::PoolKind::kAverage) node.attributes.push_back({"count_include_pad", 0});
  node.inputs = {MapOf(input)};
  AddNodes(layer, std::move(node), nn::Activation::kNone, Rank::kMap);
  return {};
}

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::GlobalAveragePool&) {
  AddNodes(layer, {.op_type = "GlobalAveragePool", .inputs = {MapOf(layer.inputs.front())}}, nn::Activation::kNone,
           Rank::kMap);
  return {};
}

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::Add& add) {
  auto [inputs, rank] = InCommonRank(layer);
  AddNodes(layer, {.op_type = inputs.size() == 2 ? "Add" : "Sum", .inputs = std::move(inputs)}, add.activation, rank);
  return {};
}

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::Concat&) {
  auto [inputs, rank] = InCommonRank(layer);
  AddNodes(layer, {.op_type = "Concat", .inputs = std::move(inputs), .attributes = {{"axis", 1}}},
           nn::Activation::kNone, rank);
  return {};
}

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::FullyConnected& full) {
  const int input = layer.inputs.front();
  POSENET_RETURN_IF_ERROR(CheckFullyConnectedInput(full, input));
  OnnxNode node{.op_type = "Gemm", .inputs = {NameOf(input)}};
  if (values_[ValueIndex(input)].rank == Rank::kMap) {
    const std::string flat = graph_.UniqueName(NameOf(input) + "/flat");
    graph_.AddNode(
        {.op_type = "Flatten", .name = flat, .inputs = {NameOf(input)}, .output = flat, .attributes = {{"axis", 1}}});
    node.inputs = {flat};
  }
  POSENET_ASSIGN_OR_RETURN(node.inputs.emplace_back(), FullyConnectedWeights(full.weights, input));
  if (!full.bias.empty()) {
    POSENET_ASSIGN_OR_RETURN(node.inputs.emplace_back(), Bias(full.bias));
  }
  AddNodes(layer, std::move(node), full.activation, Rank::kFlat);
  return {};
}

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::Activate& activate) {
  auto [inputs, rank] = InCommonRank(layer);
  AddNodes(layer, {.op_type = "Identity", .inputs = std::move(inputs)}, activate.activation, rank);
  return {};
}

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::Upsample& upsample) {
  const auto factor = static_cast<float>(upsample.factor);
  const std::string scales =
      Floats(base::StrCat("upsample_", upsample.factor, "_scales"), {1.0F, 1.0F, factor, factor});
  const std::string no_region;
  AddNodes(
      layer,
      {.op_type = "Resize",
       .inputs = {MapOf(layer.inputs.front()), no_region, scales},
       .attributes = {{"mode", std::string("linear")}, {"coordinate_transformation_mode", std::string("half_pixel")}}},
      nn::Activation::kNone, Rank::kMap);
  return {};
}

void NetworkWriter::AddNodes(const nn::Layer& layer, OnnxNode node, nn::Activation activation, Rank rank) {
  const auto output = output_names_.find(static_cast<int>(values_.size()));
  const std::string node_name = base::Printable(layer.name, kMaxNameBytes);
  const std::string value =
      output != output_names_.end()
          ? output->second
          : graph_.UniqueName(node_name.empty() ? base::StrCat("value_", values_.size()) : node_name);
  values_.push_back({.name = value, .rank = rank});
  // A layer that is an activation alone needs no node before that.
  const bool is_alone = node.op_type == "Identity" && activation != nn::Activation::kNone;
  if (is_alone) return AddActivation(activation, node_name, node.inputs.front(), value);
  node.name = node_name;
  node.output = activation == nn::Activation::kNone ? value : graph_.UniqueName(value + "/linear");
  graph_.AddNode(node);
  if (activation != nn::Activation::kNone) AddActivation(activation, node_name + "/activation", node.output, value);
}

void NetworkWriter::AddActivation(nn::Activation activation, const std::string& node_name, const std::string& input,
                                  const std::string& output) {
  OnnxNode node{.name = node_name, .inputs = {input}, .output = output};
  switch (activation) {
    case nn::Activation::kNone:
      node.op_type = "Identity";
      break;
    case nn::Activation::kRelu:
      node.op_type = "Relu";
      break;
    case nn::Activation::kRelu6:
      node.op_type = "Clip";
      node.inputs.push_back(Scalar(0.0F));
      node.inputs.push_back(Scalar(6.0F));
      break;
    case nn::Activation::kSigmoid:
      node.op_type = "Sigmoid";
      break;
  }
  graph_.AddNode(node);
}

Result<std::vector<OnnxAttribute>> NetworkWriter::WindowAttributes(const nn::Window& window, int input) const {
  std::vector<OnnxAttribute> attributes = {
      {"kernel_shape", std::vector<std::int64_t>{window.kernel_height, window.kernel_width}},
      {"strides", std::vector<std::int64_t>{window.stride_height, window.stride_width}}};
  if (DependsOnSize(window) && shapes_.empty()) {
    // SAME_UPPER is TensorFlow's SAME. ONNX does not specify it for dilated windows, and runtimes refuse it for them.
    if (window.dilation_height != 1 || window.dilation_width != 1) {
      return base::Fail(ErrorCode::kUnsupported,
                        "the padding of a strided and dilated window depends on the image size, which ONNX cannot "
                        "express; expected a fixed size");
    }
    attributes.push_back({"auto_pad", std::string("SAME_UPPER")});
    return attributes;
  }
  if (window.padding.mode == nn::PaddingMode::kRoundUp && shapes_.empty()) {
    const nn::Padding& pads = window.padding;
    attributes.push_back({"pads", std::vector<std::int64_t>{pads.top, pads.left, pads.bottom, pads.right}});
    attributes.push_back({"ceil_mode", 1});
    return attributes;
  }
  // Padding that does not depend on the size is the same for an image of one cell.
  const nn::Shape size = shapes_.empty() ? nn::Shape() : shapes_[ValueIndex(input)];
  const nn::Padding padding = nn::ResolvePadding(window, size.height, size.width);
  attributes.push_back({"pads", std::vector<std::int64_t>{padding.top, padding.left, padding.bottom, padding.right}});
  return attributes;
}

Result<void> NetworkWriter::CheckFullyConnectedInput(const nn::FullyConnected& full, int input) const {
  const std::int64_t rows = weights_.find(full.weights)->second.shape[0];
  const int channels = channels_[ValueIndex(input)];
  const bool is_flat = values_[ValueIndex(input)].rank == Rank::kFlat;
  if (!shapes_.empty() || is_flat) {
    const nn::Shape size = shapes_.empty() ? nn::Shape() : shapes_[ValueIndex(input)];
    const std::int64_t expected = std::int64_t{size.height} * size.width * channels;
    if (rows == expected) return {};
    return base::Fail(ErrorCode::kInvalidArgument, "its input is ", size.height, "x", size.width, " of ", channels,
                      " channels, but tensor ", base::Printable(full.weights), " has ", rows, " rows; expected ",
                      expected);
  }
  // The order of cells does not matter for a single cell; for several, it depends on the row and column counts.
  if (rows == channels) return {};
  return base::Fail(ErrorCode::kUnsupported, "a fully connected layer that reads ", rows / channels,
                    " cells depends on their row count; expected a fixed size");
}

std::string NetworkWriter::MapOf(int value) {
  if (values_[ValueIndex(value)].rank == Rank::kMap) return NameOf(value);
  const auto [map, is_new] = maps_.try_emplace(value);
  if (is_new) {
    map->second = graph_.UniqueName(NameOf(value) + "/map");
    graph_.AddNode({.op_type = "Unsqueeze",
                    .name = map->second,
                    .inputs = {NameOf(value), Integers("row_and_column_axes", {2, 3})},
                    .output = map->second});
  }
  return map->second;
}

std::pair<std::vector<std::string>, Rank> NetworkWriter::InCommonRank(const nn::Layer& layer) {
  const bool are_flat = std::all_of(layer.inputs.begin(), layer.inputs.end(),
                                    [&](int input) { return values_[ValueIndex(input)].rank == Rank::kFlat; });
  std::vector<std::string> names;
  names.reserve(layer.inputs.size());
  for (const int input : layer.inputs) names.push_back(are_flat ? NameOf(input) : MapOf(input));
  return {std::move(names), are_flat ? Rank::kFlat : Rank::kMap};
}

Result<std::string> NetworkWriter::ConvWeights(const std::string& tensor) {
  return Constant(tensor, "OIHW", [&](const std::vector<float>& values) {
    const std::vector<std::int64_t>& shape = weights_.find(tensor)->second.shape;
    return std::pair(std::vector<std::int64_t>{shape[3], shape[2], shape[0], shape[1]}, ToOihw(values, shape));
  });
}

Result<std::string> NetworkWriter::FullyConnectedWeights(const std::string& tensor, int input) {
  nn::Shape size = shapes_.empty() ? nn::Shape() : shapes_[ValueIndex(input)];
  size.channels = channels_[ValueIndex(input)];
  return Constant(tensor, base::StrCat("CHW ", size.height, "x", size.width), [&](const std::vector<float>& values) {
    return std::pair(weights_.find(tensor)->second.shape, ToNchwRows(values, size));
  });
}

Result<std::string> NetworkWriter::Bias(const std::string& tensor) {
  return Constant(tensor, "", [&](std::vector<float> values) {
    return std::pair(weights_.find(tensor)->second.shape, std::move(values));
  });
}

std::string NetworkWriter::Scalar(float value) {
  const auto [constant, is_new] = constants_.try_emplace(base::StrCat("scalar ", value));
  if (is_new) {
    constant->second = graph_.UniqueName(base::StrCat("constant_", value));
    graph_.AddConstant(constant->second, {}, std::span<const float>(&value, 1));
  }
  return constant->second;
}

template <typename Number>
std::string NetworkWriter::Numbers(const std::string& name, const std::vector<Number>& values) {
  const auto [constant, is_new] = constants_.try_emplace("numbers " + name);
  if (is_new) {
    constant->second = graph_.UniqueName(name);
    graph_.AddConstant(constant->second, {static_cast<std::int64_t>(values.size())}, std::span<const Number>(values));
  }
  return constant->second;
}

std::string NetworkWriter::Integers(const std::string& name, const std::vector<std::int64_t>& values) {
  return Numbers(name, values);
}

std::string NetworkWriter::Floats(const std::string& name, const std::vector<float>& values) {
  return Numbers(name, values);
}

OnnxDimension NetworkWriter::Batch() const {
  for (const nn::Layer& layer : network_.layers) {
    const auto* const lstm = std::get_if<nn::Lstm>(&layer.operation);
    if (lstm != nullptr && lstm->scan == nn::Scan::kBatch) return "frames";
  }
  return 1;
}

Result<base::ProtoMessage> NetworkToOnnx(const std::string& name, const nn::Network& network,
                                         const nn::TensorMap& weights, const OnnxOptions& options) {
  return NetworkWriter(name, network, weights).Write(options);
}

}  // namespace posenet::exporter

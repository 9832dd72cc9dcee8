// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "base/error.h"
#include "model/json_names.h"
#include "model/network_json.h"

namespace posenet::model {
namespace {

constexpr std::size_t kMaxLayers = nn::kMaxLayers;
constexpr int kMaxChannels = 1 << 20;  // Far above any network's.

std::pair<int, int> ReadPair(const JsonNode& node) {
  if (node.ArraySize(2, 2) != 2) return {1, 1};
  return {node.Element(0).Int(1, nn::kMaxWindowExtent), node.Element(1).Int(1, nn::kMaxWindowExtent)};
}

nn::Padding ReadPadding(const JsonNode& node) {
  if (node.IsString()) return {.mode = node.Choice<nn::PaddingMode>(kPaddingModes)};
  nn::Padding padding{.mode = nn::PaddingMode::kExplicit};
  if (node.ArraySize(4, 4) != 4) return padding;
  int* const sides[] = {&padding.top, &padding.bottom, &padding.left, &padding.right};
  for (std::size_t i = 0; i < 4; ++i) *sides[i] = node.Element(i).Int(0, nn::kMaxWindowExtent);
  return padding;
}

nn::Window ReadWindow(const JsonNode& layer) {
  nn::Window window;
  std::tie(window.kernel_height, window.kernel_width) = ReadPair(layer.Member("kernel"));
  std::tie(window.stride_height, window.stride_width) = ReadPair(layer.Member("stride"));
  std::tie(window.dilation_height, window.dilation_width) = ReadPair(layer.Member("dilation"));
  window.padding = ReadPadding(layer.Member("padding"));
  return window;
}

nn::Activation ReadActivation(const JsonNode& layer) {
  return layer.Member("activation").Choice<nn::Activation>(kActivations);
}

std::string ReadName(const JsonNode& node) {
  std::string name = node.String();
  if (name.empty()) node.Expected("a name");
  return name;
}

nn::Conv2d ReadConv2d(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "kernel", "stride", "dilation", "padding", "out_channels", "groups",
                   "weights", "bias", "weight_scales", "activation", "scales", "zero_points"});
  nn::Conv2d conv;
  conv.window = ReadWindow(layer);
  conv.out_channels = layer.Member("out_channels").Int(1, kMaxChannels);
  conv.groups = layer.Member("groups").Int(1, kMaxChannels);
  conv.weights = ReadName(layer.Member("weights"));
  conv.bias = layer.Member("bias").String();
  if (layer.Has("weight_scales")) conv.weight_scales = ReadName(layer.Member("weight_scales"));
  conv.activation = ReadActivation(layer);
  return conv;
}

nn::Pool ReadPool(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "kind", "kernel", "stride", "dilation", "padding", "rounding"});
  nn::Pool pool;
  pool.kind = layer.Member("kind").Choice<nn::PoolKind>(kPoolKinds);
  pool.window = ReadWindow(layer);
  if (layer.Has("rounding")) {
    if (layer.Member("rounding").String() != "up") layer.Member("rounding").Expected("\"up\"");
    if (layer.Member("padding").IsString()) layer.Member("padding").Expected("four numbers, as \"rounding\" is \"up\"");
    pool.window.padding.mode = nn::PaddingMode::kRoundUp;
  }
  if (pool.window.dilation_height != 1 || pool.window.dilation_width != 1) layer.Member("dilation").Expected("[1, 1]");
  return pool;
}

nn::FullyConnected ReadFullyConnected(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "out_channels", "weights", "bias", "activation"});
  nn::FullyConnected full;
  full.out_channels = layer.Member("out_channels").Int(1, kMaxChannels);
  full.weights = ReadName(layer.Member("weights"));
  full.bias = layer.Member("bias").String();
  full.activation = ReadActivation(layer);
  return full;
}

float ReadScale(const JsonNode& node) {
  const float scale = node.Float();
  if (!(scale > 0.0F)) node.Expected("a number above 0");
  return scale;
}

float ReadNumberFrom0(const JsonNode& node) {
  const float number = node.Float();
  if (!(number >= 0.0F)) node.Expected("a number of at least 0");
  return number;
}

nn::LocalResponseNorm ReadNorm(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "size", "alpha", "beta", "k"});
  nn::LocalResponseNorm norm;
  norm.size = layer.Member("size").Int(1, nn::kMaxWindowExtent);
  if (norm.size % 2 == 0) layer.Member("size").Expected("an odd number");
  norm.alpha = ReadNumberFrom0(layer.Member("alpha"));
  norm.beta = ReadNumberFrom0(layer.Member("beta"));
  norm.k = ReadScale(layer.Member("k"));
  return norm;
}

nn::Dropout ReadDropout(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "rate"});
  const float rate = layer.Member("rate").Float();
  if (!(rate >= 0.0F && rate < 1.0F)) layer.Member("rate").Expected("a number of at least 0 and less than 1");
  return {rate};
}

nn::Upsample ReadUpsample(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "factor"});
  return {layer.Member("factor").Int(2, nn::kMaxUpsampling)};
}

nn::Lstm ReadLstm(const JsonNode& layer) {
  layer.AllowOnly(
      {"name", "op", "inputs", "hidden", "scan", "direction", "rows", "input_weights", "recurrent_weights", "bias"});
  nn::Lstm lstm;
  lstm.hidden = layer.Member("hidden").Int(1, kMaxChannels);
  lstm.scan = layer.Member("scan").Choice<nn::Scan>(kScans);
  lstm.direction = layer.Member("direction").Choice<nn::ScanDirection>(kDirections);
  const bool over_batch = lstm.scan == nn::Scan::kBatch;
  lstm.rows = layer.Member("rows").Int(over_batch ? 0 : 1, over_batch ? 0 : kMaxChannels);
  lstm.input_weights = ReadName(layer.Member("input_weights"));
  lstm.recurrent_weights = ReadName(layer.Member("recurrent_weights"));
  lstm.bias = ReadName(layer.Member("bias"));
  return lstm;
}

nn::Quantization ReadQuantization(const JsonNode& layer) {
  return {.scale = ReadScale(layer.Member("scale")), .zero_point = layer.Member("zero_point").Int(0, 255)};
}

nn::QuantizedConv2d ReadQuantizedConv2d(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "kernel", "stride", "dilation", "padding", "out_channels", "groups",
                   "weights", "bias", "weight_scale", "weight_zero_point", "activation", "scale", "zero_point"});
  nn::QuantizedConv2d conv;
  conv.window = ReadWindow(layer);
  conv.out_channels = layer.Member("out_channels").Int(1, kMaxChannels);
  conv.groups = layer.Member("groups").Int(1, kMaxChannels);
  conv.weights = ReadName(layer.Member("weights"));
  conv.bias = layer.Member("bias").String();
  conv.weight_scale = ReadScale(layer.Member("weight_scale"));
  conv.weight_zero_point = layer.Member("weight_zero_point").Int(-128, 255);
  conv.activation = ReadActivation(layer);
  conv.output = ReadQuantization(layer);
  return conv;
}

nn::Quantization ReadOnlyQuantization(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "scale", "zero_point"});
  return ReadQuantization(layer);
}

nn::Activation ReadOnlyActivation(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "activation"});
  return ReadActivation(layer);
}

nn::Add ReadAdd(const JsonNode& layer) {
  layer.AllowOnly({"name", "op", "inputs", "activation", "scales", "zero_points"});
  return {ReadActivation(layer)};
}

nn::Operation ReadOperation(const JsonNode& layer) {
  const JsonNode op = layer.Member("op");
  const std::string name = op.String();
  if (name == kOpName<nn::Conv2d>) return ReadConv2d(layer);
  if (name == kOpName<nn::Pool>) return ReadPool(layer);
  if (name == kOpName<nn::FullyConnected>) return ReadFullyConnected(layer);
  if (name == kOpName<nn::Add>) return ReadAdd(layer);
  if (name == kOpName<nn::Activate>) return nn::Activate{ReadOnlyActivation(layer)};
  if (name == kOpName<nn::LocalResponseNorm>) return ReadNorm(layer);
  if (name == kOpName<nn::Dropout>) return ReadDropout(layer);
  if (name == kOpName<nn::Upsample>) return ReadUpsample(layer);
  if (name == kOpName<nn::Lstm>) return ReadLstm(layer);
  if (name == kOpName<nn::QuantizedConv2d>) return ReadQuantizedConv2d(layer);
  if (name == kOpName<nn::Quantize>) return nn::Quantize{ReadOnlyQuantization(layer)};
  if (name == kOpName<nn::QuantizedConcat>) return nn::QuantizedConcat{ReadOnlyQuantization(layer)};
  if (name == kOpName<nn::Concat> || name == kOpName<nn::GlobalAveragePool> || name == kOpName<nn::Dequantize>) {
    layer.AllowOnly({"name", "op", "inputs"});
    if (name == kOpName<nn::Concat>) return nn::Concat{};
    if (name == kOpName<nn::Dequantize>) return nn::Dequantize{};
    return nn::GlobalAveragePool{};
  }
  op.Note(ErrorCode::kUnsupported,
          base::StrCat("layers of kind \"", base::Printable(name, 40), "\" are not supported"));
  return {};
}

// Reads layer `index`, which may read values 0 to `index`.
nn::Layer ReadLayer(const JsonNode& node, std::size_t index) {
  nn::Layer layer;
  layer.name = node.Member("name").String();
  layer.operation = ReadOperation(node);
  if (node.Has("scales")) layer.scales = ReadName(node.Member("scales"));
  if (node.Has("zero_points")) layer.zero_points = ReadName(node.Member("zero_points"));
  const bool joins = std::holds_alternative<nn::Add>(layer.operation) ||
                     std::holds_alternative<nn::Concat>(layer.operation) ||
                     std::holds_alternative<nn::QuantizedConcat>(layer.operation);
  const JsonNode inputs = node.Member("inputs");
  layer.inputs.resize(joins ? inputs.ArraySize(2, kMaxLayers) : inputs.ArraySize(1, 1));
  for (std::size_t i = 0; i < layer.inputs.size(); ++i) {
    layer.inputs[i] = inputs.Element(i).Int(0, static_cast<int>(index));
  }
  return layer;
}

std::vector<nn::Output> ReadOutputs(const JsonNode& node, std::size_t layer_count) {
  std::vector<nn::Output> outputs(node.ArraySize(1, kMaxLayers));
  std::set<std::string> names;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const JsonNode output = node.Element(i);
    output.AllowOnly({"name", "value"});
    outputs[i] = {ReadName(output.Member("name")), output.Member("value").Int(0, static_cast<int>(layer_count))};
    if (!names.insert(outputs[i].name).second) {
      output.Note(ErrorCode::kCorruptData,
                  base::StrCat("repeats the output name \"", base::Printable(outputs[i].name), "\""));
    }
  }
  return outputs;
}

}  // namespace

nn::Network ReadNetwork(const JsonNode& node) {
  node.AllowOnly({"input_channels", "layers", "outputs"});
  nn::Network network;
  network.input_channels = node.Member("input_channels").Int(1, kMaxChannels);
  const JsonNode layers = node.Member("layers");
  const std::size_t layer_count = layers.ArraySize(1, kMaxLayers);
  network.layers.reserve(layer_count);
  for (std::size_t i = 0; i < layer_count; ++i) network.layers.push_back(ReadLayer(layers.Element(i), i));
  network.outputs = ReadOutputs(node.Member("outputs"), layer_count);
  return network;
}

}  // namespace posenet::model

// SPDX-License-Identifier: Apache-2.0
#include "model/model_spec_json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>
#include <variant>

#include "base/error.h"
#include "model/json_reader.h"

namespace posenet {
namespace {

using OrderedJson = nlohmann::ordered_json;  // Keeps the fields in the order in which a reader wants to meet them.

constexpr int kMaxWindow = nn::kMaxWindowExtent;
constexpr std::size_t kMaxLayers = nn::kMaxLayers;
constexpr int kMaxChannels = 1 << 20;  // Far above any network's.
constexpr int kMaxPoses = 1 << 20;     // Far above any picture's.

template <typename T>
using Names = std::span<const std::pair<std::string_view, T>>;

constexpr std::pair<std::string_view, nn::Activation> kActivations[] = {{"none", nn::Activation::kNone},
                                                                        {"relu", nn::Activation::kRelu},
                                                                        {"relu6", nn::Activation::kRelu6},
                                                                        {"sigmoid", nn::Activation::kSigmoid}};
constexpr std::pair<std::string_view, nn::PoolKind> kPoolKinds[] = {{"max", nn::PoolKind::kMax},
                                                                    {"average", nn::PoolKind::kAverage}};
constexpr std::pair<std::string_view, nn::PaddingMode> kPaddingModes[] = {{"same", nn::PaddingMode::kSame},
                                                                          {"valid", nn::PaddingMode::kValid}};
constexpr std::pair<std::string_view, ImageFit> kFits[] = {
    {"pad", ImageFit::kPad}, {"stretch", ImageFit::kStretch}, {"crop", ImageFit::kCrop}};
constexpr std::pair<std::string_view, Resampling> kResamplings[] = {{"bilinear", Resampling::kBilinear},
                                                                    {"nearest", Resampling::kNearest}};
constexpr std::pair<std::string_view, PoseDecoder> kDecoders[] = {
    {"tfjs-single", PoseDecoder::kTfjsSingle}, {"tfjs", PoseDecoder::kTfjsMultiple}, {"coral", PoseDecoder::kCoral}};
template <typename Operation>
constexpr std::string_view kOpName;
template <>
constexpr std::string_view kOpName<nn::Conv2d> = "conv2d";
template <>
constexpr std::string_view kOpName<nn::Pool> = "pool";
template <>
constexpr std::string_view kOpName<nn::GlobalAveragePool> = "global_average_pool";
template <>
constexpr std::string_view kOpName<nn::Add> = "add";
template <>
constexpr std::string_view kOpName<nn::Concat> = "concat";
template <>
constexpr std::string_view kOpName<nn::FullyConnected> = "fully_connected";
template <>
constexpr std::string_view kOpName<nn::Activate> = "activate";
template <>
constexpr std::string_view kOpName<nn::Quantize> = "quantize";
template <>
constexpr std::string_view kOpName<nn::QuantizedConv2d> = "quantized_conv2d";
template <>
constexpr std::string_view kOpName<nn::QuantizedConcat> = "quantized_concat";
template <>
constexpr std::string_view kOpName<nn::Dequantize> = "dequantize";

template <typename T>
std::string_view NameOf(Names<T> names, T value) {
  return std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.second == value; })->first;
}

// ---- Writing ----

void Write(const nn::Window& window, OrderedJson& json) {
  const nn::Padding& padding = window.padding;
  json["kernel"] = {window.kernel_height, window.kernel_width};
  json["stride"] = {window.stride_height, window.stride_width};
  json["dilation"] = {window.dilation_height, window.dilation_width};
  if (padding.mode == nn::PaddingMode::kExplicit) {
    json["padding"] = {padding.top, padding.bottom, padding.left, padding.right};
  } else {
    json["padding"] = NameOf<nn::PaddingMode>(kPaddingModes, padding.mode);
  }
}

void Write(nn::Activation activation, OrderedJson& json) {
  json["activation"] = NameOf<nn::Activation>(kActivations, activation);
}

void Write(const nn::Conv2d& conv, OrderedJson& json) {
  Write(conv.window, json);
  json["out_channels"] = conv.out_channels;
  json["groups"] = conv.groups;
  json["weights"] = conv.weights;
  json["bias"] = conv.bias;
  if (!conv.weight_scales.empty()) json["weight_scales"] = conv.weight_scales;
  Write(conv.activation, json);
}

void Write(const nn::Pool& pool, OrderedJson& json) {
  json["kind"] = NameOf<nn::PoolKind>(kPoolKinds, pool.kind);
  Write(pool.window, json);
}

void Write(const nn::FullyConnected& full, OrderedJson& json) {
  json["out_channels"] = full.out_channels;
  json["weights"] = full.weights;
  json["bias"] = full.bias;
  Write(full.activation, json);
}

void Write(const nn::GlobalAveragePool& /*pool*/, OrderedJson& /*json*/) {}
void Write(const nn::Add& add, OrderedJson& json) { Write(add.activation, json); }
void Write(const nn::Concat& /*concat*/, OrderedJson& /*json*/) {}
void Write(const nn::Activate& activate, OrderedJson& json) { Write(activate.activation, json); }

void Write(const nn::Quantization& output, OrderedJson& json) {
  json["scale"] = output.scale;
  json["zero_point"] = output.zero_point;
}

void Write(const nn::Quantize& quantize, OrderedJson& json) { Write(quantize.output, json); }
void Write(const nn::QuantizedConcat& concat, OrderedJson& json) { Write(concat.output, json); }
void Write(const nn::Dequantize& /*dequantize*/, OrderedJson& /*json*/) {}

void Write(const nn::QuantizedConv2d& conv, OrderedJson& json) {
  Write(conv.window, json);
  json["out_channels"] = conv.out_channels;
  json["groups"] = conv.groups;
  json["weights"] = conv.weights;
  json["bias"] = conv.bias;
  json["weight_scale"] = conv.weight_scale;
  json["weight_zero_point"] = conv.weight_zero_point;
  Write(conv.activation, json);
  Write(conv.output, json);
}

OrderedJson InputToJson(const ModelSpec& spec) {
  OrderedJson json = {{"scale", spec.input_scale}, {"bias", spec.input_bias}};
  if (spec.input_width_px > 0) json["size"] = {spec.input_height_px, spec.input_width_px};
  if (spec.fit != ImageFit::kPad) json["fit"] = NameOf<ImageFit>(kFits, spec.fit);
  if (spec.resampling != Resampling::kBilinear) json["resample"] = NameOf<Resampling>(kResamplings, spec.resampling);
  return json;
}

OrderedJson ToJson(const DecoderSpec& decoder) {
  return {{"kind", NameOf<PoseDecoder>(kDecoders, decoder.decoder)},
          {"max_poses", decoder.options.max_poses},
          {"score_threshold", decoder.options.score_threshold},
          {"nms_radius", decoder.options.nms_radius_px}};
}

OrderedJson ToJson(const nn::Network& network) {
  OrderedJson layers = OrderedJson::array();
  for (const nn::Layer& layer : network.layers) {
    OrderedJson json = {{"name", layer.name}};
    std::visit(
        [&]<typename Operation>(const Operation& operation) {
          json["op"] = kOpName<Operation>;
          json["inputs"] = layer.inputs;
          Write(operation, json);
        },
        layer.operation);
    if (!layer.scales.empty()) json["scales"] = layer.scales;
    layers.push_back(std::move(json));
  }
  OrderedJson outputs = OrderedJson::array();
  for (const nn::Output& output : network.outputs) outputs.push_back({{"name", output.name}, {"value", output.value}});
  return {{"input_channels", network.input_channels}, {"layers", std::move(layers)}, {"outputs", std::move(outputs)}};
}

// ---- Reading ----

std::pair<int, int> ReadPair(const JsonNode& node) {
  if (node.ArraySize(2, 2) != 2) return {1, 1};
  return {node.Element(0).Int(1, kMaxWindow), node.Element(1).Int(1, kMaxWindow)};
}

nn::Padding ReadPadding(const JsonNode& node) {
  if (node.IsString()) return {.mode = node.Choice<nn::PaddingMode>(kPaddingModes)};
  nn::Padding padding{.mode = nn::PaddingMode::kExplicit};
  if (node.ArraySize(4, 4) != 4) return padding;
  int* const sides[] = {&padding.top, &padding.bottom, &padding.left, &padding.right};
  for (std::size_t i = 0; i < 4; ++i) *sides[i] = node.Element(i).Int(0, kMaxWindow);
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
                   "weights", "bias", "weight_scales", "activation", "scales"});
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
  layer.AllowOnly({"name", "op", "inputs", "kind", "kernel", "stride", "dilation", "padding"});
  nn::Pool pool;
  pool.kind = layer.Member("kind").Choice<nn::PoolKind>(kPoolKinds);
  pool.window = ReadWindow(layer);
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

nn::Operation ReadOperation(const JsonNode& layer) {
  const JsonNode op = layer.Member("op");
  const std::string name = op.String();
  if (name == kOpName<nn::Conv2d>) return ReadConv2d(layer);
  if (name == kOpName<nn::Pool>) return ReadPool(layer);
  if (name == kOpName<nn::FullyConnected>) return ReadFullyConnected(layer);
  if (name == kOpName<nn::Add>) return nn::Add{ReadOnlyActivation(layer)};
  if (name == kOpName<nn::Activate>) return nn::Activate{ReadOnlyActivation(layer)};
  if (name == kOpName<nn::QuantizedConv2d>) return ReadQuantizedConv2d(layer);
  if (name == kOpName<nn::Quantize>) return nn::Quantize{ReadOnlyQuantization(layer)};
  if (name == kOpName<nn::QuantizedConcat>) return nn::QuantizedConcat{ReadOnlyQuantization(layer)};
  if (name == kOpName<nn::Concat> || name == kOpName<nn::GlobalAveragePool> || name == kOpName<nn::Dequantize>) {
    layer.AllowOnly({"name", "op", "inputs"});
    if (name == kOpName<nn::Concat>) return nn::Concat{};
    if (name == kOpName<nn::Dequantize>) return nn::Dequantize{};
    return nn::GlobalAveragePool{};
  }
  op.Note(ErrorCode::kUnsupported, StrCat("layers of kind \"", Printable(name, 40), "\" are not known here"));
  return {};
}

// `index` is the layer's place: it may read the values before its own, 0 to `index`.
nn::Layer ReadLayer(const JsonNode& node, std::size_t index) {
  nn::Layer layer;
  layer.name = node.Member("name").String();
  layer.operation = ReadOperation(node);
  if (node.Has("scales")) layer.scales = ReadName(node.Member("scales"));
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
      output.Note(ErrorCode::kCorruptData, StrCat("is a second output \"", Printable(outputs[i].name), "\""));
    }
  }
  return outputs;
}

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

void ReadInput(const JsonNode& node, ModelSpec& spec) {
  node.AllowOnly({"scale", "bias", "size", "fit", "resample"});
  spec.input_scale = node.Member("scale").Float();
  const JsonNode bias = node.Member("bias");
  if (bias.ArraySize(3, 3) == 3) {
    for (std::size_t i = 0; i < 3; ++i) spec.input_bias[i] = bias.Element(i).Float();
  }
  if (node.Has("size")) std::tie(spec.input_height_px, spec.input_width_px) = ReadPair(node.Member("size"));
  if (node.Has("fit")) spec.fit = node.Member("fit").Choice<ImageFit>(kFits);
  if (node.Has("resample")) spec.resampling = node.Member("resample").Choice<Resampling>(kResamplings);
}

DecoderSpec ReadDecoder(const JsonNode& node) {
  node.AllowOnly({"kind", "max_poses", "score_threshold", "nms_radius"});
  DecoderSpec decoder;
  decoder.decoder = node.Member("kind").Choice<PoseDecoder>(kDecoders);
  MultiPoseOptions& options = decoder.options;
  options.max_poses = node.Member("max_poses").Int(1, kMaxPoses);
  options.score_threshold = node.Member("score_threshold").Float();
  if (!(options.score_threshold >= 0.0F && options.score_threshold <= 1.0F)) {
    node.Member("score_threshold").Expected("a number from 0 to 1");
  }
  options.nms_radius_px = ReadScale(node.Member("nms_radius"));
  return decoder;
}

}  // namespace

std::string ModelSpecToJson(const ModelSpec& spec) {
  OrderedJson json = {{"name", spec.name},
                      {"architecture", spec.architecture},
                      {"task", spec.task},
                      {"output_stride", spec.output_stride},
                      {"input", InputToJson(spec)}};
  if (spec.decoder) json["decoder"] = ToJson(*spec.decoder);
  json["source"] = spec.source;
  json["license"] = spec.license;
  json["network"] = ToJson(spec.network);
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

Result<ModelSpec> ParseModelSpec(std::string_view json) {
  POSENET_ASSIGN_OR_RETURN(const nlohmann::json document, ParseStrictJson(json));
  std::optional<Error> error;
  const JsonNode root(document, error);
  root.AllowOnly({"name", "architecture", "task", "output_stride", "input", "decoder", "source", "license", "network"});
  ModelSpec spec;
  spec.name = root.Member("name").String();
  spec.architecture = root.Member("architecture").String();
  spec.task = root.Member("task").String();
  spec.output_stride = root.Member("output_stride").Int(0, kMaxWindow);
  ReadInput(root.Member("input"), spec);
  if (root.Has("decoder")) spec.decoder = ReadDecoder(root.Member("decoder"));
  spec.source = root.Member("source").String();
  spec.license = root.Member("license").String();
  spec.network = ReadNetwork(root.Member("network"));
  if (error) return tl::unexpected(*error);
  return spec;
}

}  // namespace posenet

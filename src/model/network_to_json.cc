// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <variant>

#include "model/json_names.h"
#include "model/network_json.h"

namespace posenet::model {
namespace {

using OrderedJson = nlohmann::ordered_json;

void Write(const nn::Window& window, OrderedJson& json) {
  const nn::Padding& padding = window.padding;
  json["kernel"] = {window.kernel_height, window.kernel_width};
  json["stride"] = {window.stride_height, window.stride_width};
  json["dilation"] = {window.dilation_height, window.dilation_width};
  if (padding.mode == nn::PaddingMode::kExplicit || padding.mode == nn::PaddingMode::kRoundUp) {
    json["padding"] = {padding.top, padding.bottom, padding.left, padding.right};
    if (padding.mode == nn::PaddingMode::kRoundUp) json["rounding"] = "up";
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

void Write(const nn::LocalResponseNorm& norm, OrderedJson& json) {
  json["size"] = norm.size;
  json["alpha"] = norm.alpha;
  json["beta"] = norm.beta;
  json["k"] = norm.k;
}

void Write(const nn::Dropout& dropout, OrderedJson& json) { json["rate"] = dropout.rate; }

void Write(const nn::Upsample& upsample, OrderedJson& json) { json["factor"] = upsample.factor; }

void Write(const nn::Lstm& lstm, OrderedJson& json) {
  json["hidden"] = lstm.hidden;
  json["scan"] = NameOf<nn::Scan>(kScans, lstm.scan);
  json["direction"] = NameOf<nn::ScanDirection>(kDirections, lstm.direction);
  json["rows"] = lstm.rows;
  json["input_weights"] = lstm.input_weights;
  json["recurrent_weights"] = lstm.recurrent_weights;
  json["bias"] = lstm.bias;
}

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

}  // namespace

OrderedJson NetworkToJson(const nn::Network& network) {
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
    if (!layer.zero_points.empty()) json["zero_points"] = layer.zero_points;
    layers.push_back(std::move(json));
  }
  OrderedJson outputs = OrderedJson::array();
  for (const nn::Output& output : network.outputs) outputs.push_back({{"name", output.name}, {"value", output.value}});
  return {{"input_channels", network.input_channels}, {"layers", std::move(layers)}, {"outputs", std::move(outputs)}};
}

}  // namespace posenet::model

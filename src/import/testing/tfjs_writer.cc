// SPDX-License-Identifier: Apache-2.0
#include "import/testing/tfjs_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <utility>
#include <variant>

#include "base/strings.h"
#include "import/import.h"
#include "import/testing/models.h"

namespace posenet::importer {
namespace {

using nlohmann::json;

std::string EncodeBase64(const std::string& text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      encoded += i + k <= text.size() ? kDigits[bits >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return encoded;
}

// Rounds to nearest, ties away from zero; normal numbers only.
std::uint16_t ToFloat16(float value) {
  if (value == 0.0F) return 0;
  int exponent = 0;
  const double fraction = std::frexp(std::abs(static_cast<double>(value)), &exponent);  // In [0.5, 1).
  if (exponent < -13) return 0;
  auto mantissa = static_cast<std::uint32_t>(std::lround((fraction * 2.0 - 1.0) * 1024.0));
  exponent += 14;
  if (mantissa == 1024) {
    mantissa = 0;
    ++exponent;
  }
  const std::uint32_t sign = value < 0.0F ? 0x8000U : 0U;
  return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(exponent) << 10 | mantissa);
}

template <typename T>
void AppendRaw(std::vector<char>& bytes, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  bytes.insert(bytes.end(), raw, raw + sizeof(T));
}

// Appends `values` as integers of type T between their extremes, and describes that in `entry`.
template <typename T>
void AppendQuantized(std::vector<char>& bytes, const std::vector<float>& values, json& entry, const char* dtype) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double min = *low;
  const double steps = std::numeric_limits<T>::max();
  const double scale = *high > *low ? (static_cast<double>(*high) - min) / steps : 1.0;
  for (const float value : values) {
    AppendRaw(bytes, static_cast<T>(std::lround((static_cast<double>(value) - min) / scale)));
  }
  entry["quantization"] = {{"dtype", dtype}, {"min", min}, {"scale", scale}};
}

// TensorFlow's name for what follows a layer.
const char* ActivationName(nn::Activation activation) {
  switch (activation) {
    case nn::Activation::kRelu:
      return "Relu";
    case nn::Activation::kRelu6:
      return "Relu6";
    case nn::Activation::kSigmoid:
      return "Sigmoid";
    case nn::Activation::kNone:
      break;
  }
  return nullptr;
}

constexpr float kEpsilon = 1e-3F;

// Writes the layers of a model.
class TfjsWriter {
 public:
  TfjsWriter(const model::LoadedModel& model, const TfjsForm& form) : model_(model), form_(form) {
    shapes_ = nn::InferShapes(model.spec.network, {1, form.size, form.size, 3}).value();
  }

  TfjsModel Write();

 private:
  void WriteConv(const nn::Layer& layer, const nn::Conv2d& conv);
  void WritePool(const nn::Layer& layer, const nn::Pool& pool);
  // The convolution alone. Returns the name of its node.
  std::string WriteWindow(const nn::Layer& layer, const nn::Conv2d& conv, std::vector<std::string> inputs, json attr);
  // Adds `padding` to `input`.
  std::string WritePad(const std::string& layer, const std::string& input, const nn::Padding& padding);
  std::string WriteBatchNorm(const std::string& layer, const std::string& input, std::vector<float> bias);
  std::string Input(const nn::Layer& layer, std::size_t index) const {
    return names_[static_cast<std::size_t>(layer.inputs[index])];
  }

  const model::LoadedModel& model_;
  const TfjsForm& form_;
  std::vector<nn::Shape> shapes_;
  std::vector<std::string> names_ = {"image"};  // Of each value.
  TfjsModel tfjs_;
};

// Some factors for the normalization of a layer.
std::vector<float> Scales(std::size_t channels) {
  std::vector<float> scales(channels);
  for (std::size_t c = 0; c < channels; ++c) scales[c] = 0.5F + static_cast<float>(c % 7) * 0.25F;
  return scales;
}

json WindowAttributes(const nn::Window& window) {
  json attributes = {{"strides", IntegersAttribute({1, window.stride_height, window.stride_width, 1})},
                     {"data_format", StringAttribute("NHWC")}};
  attributes["padding"] = StringAttribute(window.padding.mode == nn::PaddingMode::kSame ? "SAME" : "VALID");
  return attributes;
}

std::string TfjsWriter::WritePad(const std::string& layer, const std::string& input, const nn::Padding& padding) {
  if (padding.mode != nn::PaddingMode::kExplicit) return input;
  tfjs_.AddIntegers(layer + "/Pad/paddings", {4, 2},
                    {0, 0, padding.top, padding.bottom, padding.left, padding.right, 0, 0});
  tfjs_.AddNode("Pad", layer + "/Pad", {input, layer + "/Pad/paddings"});
  return layer + "/Pad";
}

// The paddings of TensorFlow's atrous convolutions for one size, and the crops that undo the excess.
struct BatchBorders {
  std::vector<std::int32_t> pads;
  std::vector<std::int32_t> crops;
};

BatchBorders BordersFor(const nn::Shape& shape, const nn::Window& window) {
  const nn::Padding padding = nn::ResolvePadding(window, shape.height, shape.width);
  const auto extra = [](int extent, int block) { return (block - extent % block) % block; };
  const int rows = extra(shape.height + padding.top + padding.bottom, window.dilation_height);
  const int columns = extra(shape.width + padding.left + padding.right, window.dilation_width);
  return {{padding.top, padding.bottom + rows, padding.left, padding.right + columns}, {0, rows, 0, columns}};
}

std::string TfjsWriter::WriteWindow(const nn::Layer& layer, const nn::Conv2d& conv, std::vector<std::string> inputs,
                                    json attr) {
  const nn::Window& window = conv.window;
  const bool dilated = window.dilation_height > 1 || window.dilation_width > 1;
  const bool batched = dilated && form_.dilation == TfjsDilation::kSpaceToBatch;
  const std::string op = conv.groups > 1 ? "DepthwiseConv2dNative" : "Conv2D";
  const std::string fused_op = conv.groups > 1 ? "FusedDepthwiseConv2dNative" : "_FusedConv2D";
  const std::string& name = layer.name;
  attr.update(WindowAttributes(window));
  if (batched) {
    const BatchBorders borders = BordersFor(shapes_[static_cast<std::size_t>(layer.inputs[0])], window);
    tfjs_.AddIntegers(name + "/block_shape", {2}, {window.dilation_height, window.dilation_width});
    tfjs_.AddIntegers(name + "/paddings", {2, 2}, borders.pads);
    tfjs_.AddIntegers(name + "/crops", {2, 2}, borders.crops);
    tfjs_.AddNode("SpaceToBatchND", name + "/SpaceToBatchND", {inputs[0], name + "/block_shape", name + "/paddings"});
    inputs[0] = name + "/SpaceToBatchND";
    attr["padding"] = StringAttribute("VALID");
  } else {
    inputs[0] = WritePad(name, inputs[0], window.padding);
    attr["dilations"] = IntegersAttribute({1, window.dilation_height, window.dilation_width, 1});
  }
  const std::string node = name + "/" + op;
  tfjs_.AddNode(attr.contains("fused_ops") ? fused_op : op, node, std::move(inputs), attr);
  if (!batched) return node;
  tfjs_.AddNode("BatchToSpaceND", name + "/BatchToSpaceND", {node, name + "/block_shape", name + "/crops"});
  return name + "/BatchToSpaceND";
}

// y = x * scale + bias, as a normalization of some mean and variance.
std::string TfjsWriter::WriteBatchNorm(const std::string& layer, const std::string& input, std::vector<float> bias) {
  const auto channels = static_cast<std::int64_t>(bias.size());
  const std::vector<float> scales = Scales(bias.size());
  const std::string scope = layer + "/BatchNorm/";
  if (form_.style == TfjsStyle::kBatchNormArithmetic) {
    tfjs_.AddConstant(scope + "mul/scale", {channels}, scales);
    tfjs_.AddConstant(scope + "sub/bias", {1, 1, 1, channels}, bias);
    tfjs_.AddNode("Mul", scope + "batchnorm/mul_1", {input, scope + "mul/scale"});
    tfjs_.AddNode("AddV2", scope + "batchnorm/add_1", {scope + "sub/bias", scope + "batchnorm/mul_1"});
    return scope + "batchnorm/add_1";
  }
  const float mean = 0.25F;
  const float variance = 4.0F;
  const float deviation = std::sqrt(variance + kEpsilon);
  std::vector<float> gamma;
  for (std::size_t c = 0; c < bias.size(); ++c) {
    gamma.push_back(scales[c] * deviation);
    bias[c] += mean * scales[c];
  }
  tfjs_.AddConstant(scope + "gamma", {channels}, gamma);
  tfjs_.AddConstant(scope + "beta", {channels}, bias);
  tfjs_.AddConstant(scope + "moving_mean", {channels}, std::vector<float>(bias.size(), mean));
  tfjs_.AddConstant(scope + "moving_variance", {channels}, std::vector<float>(bias.size(), variance));
  tfjs_.AddNode("FusedBatchNormV3", scope + "FusedBatchNormV3",
                {input, scope + "gamma", scope + "beta", scope + "moving_mean", scope + "moving_variance"},
                {{"epsilon", {{"f", kEpsilon}}}, {"is_training", {{"b", false}}}});
  return scope + "FusedBatchNormV3";
}

void TfjsWriter::WriteConv(const nn::Layer& layer, const nn::Conv2d& conv) {
  std::vector<float> weights = FloatsOf(model_, conv.weights);
  const std::vector<float> bias = FloatsOf(model_, conv.bias);
  const bool normalized = form_.style == TfjsStyle::kBatchNorm || form_.style == TfjsStyle::kBatchNormArithmetic;
  if (normalized) {
    const std::vector<float> scales = Scales(bias.size());
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] /= scales[i % scales.size()];
  }
  std::vector<std::int64_t> shape = model_.weights.at(conv.weights).shape;
  if (conv.groups > 1) std::swap(shape[2], shape[3]);  // [height, width, in, 1]
  tfjs_.AddConstant(layer.name + "/weights", shape, weights, form_.storage);
  const char* activation = ActivationName(conv.activation);
  std::vector<std::string> inputs = {Input(layer, 0), layer.name + "/weights"};
  std::string value;
  if (normalized) {
    value = WriteBatchNorm(layer.name, WriteWindow(layer, conv, inputs, json::object()), bias);
  } else {
    tfjs_.AddConstant(layer.name + "/biases", {static_cast<std::int64_t>(bias.size())}, bias, form_.storage);
    if (form_.style == TfjsStyle::kFused) {
      inputs.push_back(layer.name + "/biases");
      std::vector<std::string> steps = {"BiasAdd"};
      if (activation != nullptr) steps.emplace_back(activation);
      names_.push_back(WriteWindow(layer, conv, inputs, {{"fused_ops", StringsAttribute(steps)}}));
      return;
    }
    value = layer.name + "/BiasAdd";
    tfjs_.AddNode("BiasAdd", value, {WriteWindow(layer, conv, inputs, json::object()), layer.name + "/biases"});
  }
  if (activation != nullptr) {
    tfjs_.AddNode(activation, layer.name + "/" + activation, {value});
    value = layer.name + "/" + activation;
  }
  names_.push_back(value);
}

void TfjsWriter::WritePool(const nn::Layer& layer, const nn::Pool& pool) {
  json attributes = WindowAttributes(pool.window);
  attributes["ksize"] = IntegersAttribute({1, pool.window.kernel_height, pool.window.kernel_width, 1});
  const std::string input = WritePad(layer.name, Input(layer, 0), pool.window.padding);
  const char* op = pool.kind == nn::PoolKind::kMax ? "MaxPool" : "AvgPool";
  tfjs_.AddNode(op, layer.name + "/" + op, {input}, attributes);
  names_.push_back(layer.name + "/" + op);
}

TfjsModel TfjsWriter::Write() {
  tfjs_.AddNode("Placeholder", "image", {});
  for (const nn::Layer& layer : model_.spec.network.layers) {
    if (const auto* conv = std::get_if<nn::Conv2d>(&layer.operation)) {
      WriteConv(layer, *conv);
    } else if (const auto* pool = std::get_if<nn::Pool>(&layer.operation)) {
      WritePool(layer, *pool);
    } else if (const auto* sum = std::get_if<nn::Add>(&layer.operation)) {
      tfjs_.AddNode("AddV2", layer.name + "/add", {Input(layer, 0), Input(layer, 1)});
      names_.push_back(layer.name + "/add");
      if (const char* activation = ActivationName(sum->activation)) {
        tfjs_.AddNode(activation, layer.name + "/" + activation, {names_.back()});
        names_.back() = layer.name + "/" + activation;
      }
    } else {
      ADD_FAILURE() << "a layer that ToTfjs does not write: " << layer.name;
    }
  }
  return std::move(tfjs_);
}

}  // namespace

json StringAttribute(const std::string& text) { return {{"s", EncodeBase64(text)}}; }

json StringsAttribute(const std::vector<std::string>& texts) {
  json list = json::array();
  for (const std::string& text : texts) list.push_back(EncodeBase64(text));
  return {{"list", {{"s", list}}}};
}

json IntegersAttribute(const std::vector<int>& numbers) {
  json list = json::array();
  for (const int number : numbers) list.push_back(std::to_string(number));
  return {{"list", {{"i", list}}}};
}

void TfjsModel::AddNode(const std::string& op, const std::string& name, std::vector<std::string> inputs,
                        json attributes) {
  nodes.push_back({{"op", op}, {"name", name}, {"input", std::move(inputs)}, {"attr", std::move(attributes)}});
}

void TfjsModel::AddConstant(const std::string& name, std::vector<std::int64_t> shape, const std::vector<float>& values,
                            TfjsStorage storage) {
  AddNode("Const", name, {});
  json entry = {{"name", name}, {"shape", std::move(shape)}, {"dtype", "float32"}};
  switch (storage) {
    case TfjsStorage::kFloat32:
      for (const float value : values) AppendRaw(weights, value);
      break;
    case TfjsStorage::kFloat16:
      for (const float value : values) AppendRaw(weights, ToFloat16(value));
      entry["quantization"] = {{"dtype", "float16"}};
      break;
    case TfjsStorage::kUint8:
      AppendQuantized<std::uint8_t>(weights, values, entry, "uint8");
      break;
    case TfjsStorage::kUint16:
      AppendQuantized<std::uint16_t>(weights, values, entry, "uint16");
      break;
  }
  entries.push_back(std::move(entry));
}

void TfjsModel::AddIntegers(const std::string& name, std::vector<std::int64_t> shape,
                            const std::vector<std::int32_t>& values) {
  AddNode("Const", name, {});
  for (const std::int32_t value : values) AppendRaw(weights, value);
  entries.push_back({{"name", name}, {"shape", std::move(shape)}, {"dtype", "int32"}});
}

json& TfjsModel::Node(const std::string& name) {
  for (json& node : nodes) {
    if (node["name"] == name) return node;
  }
  ADD_FAILURE() << "no node is called " << name;
  return nodes.emplace_back();
}

std::filesystem::path TfjsModel::Write(const std::filesystem::path& folder, std::size_t shard_bytes) {
  json paths = json::array();
  for (std::size_t begin = 0; begin < weights.size(); begin += shard_bytes) {
    const std::string name = base::StrCat("group1-shard", paths.size() + 1, ".bin");
    paths.push_back(name);
    std::ofstream(folder / name, std::ios::binary)
        .write(weights.data() + begin, static_cast<std::streamsize>(std::min(shard_bytes, weights.size() - begin)));
  }
  json model = {{"format", "graph-model"},
                {"generatedBy", "a test"},
                {"modelTopology", {{"node", nodes}}},
                {"weightsManifest", json::array({{{"paths", paths}, {"weights", entries}}})}};
  if (!signature.is_null()) model["signature"] = signature;
  std::ofstream(folder / "model.json") << model;
  return folder / "model.json";
}

TfjsModel ToTfjs(const model::LoadedModel& model, const TfjsForm& form) { return TfjsWriter(model, form).Write(); }

Result<model::LoadedModel> Import(TfjsModel tfjs) {
  const base::TemporaryFolder folder;
  return ImportModel(tfjs.Write(folder.path()));
}

}  // namespace posenet::importer

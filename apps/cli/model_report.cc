// SPDX-License-Identifier: Apache-2.0
#include "cli/model_report.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <variant>

#include "base/strings.h"
#include "camera/camera_spec.h"
#include "common/camera_engine.h"
#include "common/human_options.h"
#include "common/model_search.h"
#include "common/numbers.h"
#include "human/estimator_options.h"
#include "human/movenet_layout.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "nn/plan.h"
#include "posenet/runtime.h"

namespace posenet::cli {
namespace {

std::string_view NameOf(nn::Activation activation) {
  switch (activation) {
    case nn::Activation::kNone:
      return "";
    case nn::Activation::kRelu:
      return "relu";
    case nn::Activation::kRelu6:
      return "relu6";
    case nn::Activation::kSigmoid:
      return "sigmoid";
  }
  return "";
}

std::string Suffix(nn::Activation activation) {
  return activation == nn::Activation::kNone ? std::string() : base::StrCat(" ", NameOf(activation));
}

// "3x3", "3x3 stride 2", "3x3 dilation 2"; both directions where they differ.
std::string Describe(const nn::Window& window) {
  const auto pair = [](std::string_view name, int height, int width) {
    if (height == 1 && width == 1) return std::string();
    return height == width ? base::StrCat(name, height) : base::StrCat(name, height, "x", width);
  };
  return base::StrCat(window.kernel_height, "x", window.kernel_width,
                      pair(" stride ", window.stride_height, window.stride_width),
                      pair(" dilation ", window.dilation_height, window.dilation_width));
}

// One operation in words.
struct Describer {
  std::string operator()(const nn::Conv2d& conv) const {
    const std::string kind = conv.groups == 1                   ? "conv "
                             : conv.groups == conv.out_channels ? "depthwise conv "
                                                                : base::StrCat("conv of ", conv.groups, " groups ");
    return base::StrCat(kind, Describe(conv.window), Suffix(conv.activation));
  }
  std::string operator()(const nn::Pool& pool) const {
    return base::StrCat(pool.kind == nn::PoolKind::kMax ? "max pool " : "average pool ", Describe(pool.window));
  }
  std::string operator()(const nn::GlobalAveragePool&) const { return "global average pool"; }
  std::string operator()(const nn::Add& add) const { return "add" + Suffix(add.activation); }
  std::string operator()(const nn::Concat&) const { return "concat"; }
  std::string operator()(const nn::FullyConnected& layer) const { return "fully connected" + Suffix(layer.activation); }
  std::string operator()(const nn::LocalResponseNorm& norm) const {
    return base::StrCat("local response norm ", norm.size);
  }
  std::string operator()(const nn::Upsample& upsample) const { return base::StrCat("upsample ", upsample.factor); }
  std::string operator()(const nn::Dropout& dropout) const { return base::StrCat("dropout ", dropout.rate); }
  std::string operator()(const nn::Lstm& lstm) const {
    const char* const what = lstm.scan == nn::Scan::kBatch  ? "lstm over the batch"
                             : lstm.scan == nn::Scan::kRows ? "lstm over rows"
                                                            : "lstm over columns";
    return base::StrCat(what, lstm.direction == nn::ScanDirection::kReverse ? ", reverse" : "");
  }
  std::string operator()(const nn::Quantize&) const { return "quantize"; }
  std::string operator()(const nn::QuantizedConv2d& conv) const {
    return base::StrCat(conv.groups == 1 ? "uint8 conv " : "uint8 depthwise conv ", Describe(conv.window),
                        Suffix(conv.activation));
  }
  std::string operator()(const nn::QuantizedConcat&) const { return "uint8 concat"; }
  std::string operator()(const nn::Dequantize&) const { return "dequantize"; }
  std::string operator()(const nn::Activate& activate) const { return std::string(NameOf(activate.activation)); }
};

std::int64_t CountOf(const nn::TensorMap& weights, const std::string& name) {
  const auto tensor = weights.find(name);
  return tensor == weights.end() ? 0 : tensor->second.ElementCount();
}

std::int64_t ParameterCount(const nn::Operation& operation, const nn::TensorMap& weights) {
  if (const auto* conv = std::get_if<nn::Conv2d>(&operation)) {
    return CountOf(weights, conv->weights) + CountOf(weights, conv->bias);
  }
  if (const auto* conv = std::get_if<nn::QuantizedConv2d>(&operation)) {
    return CountOf(weights, conv->weights) + CountOf(weights, conv->bias);
  }
  if (const auto* layer = std::get_if<nn::FullyConnected>(&operation)) {
    return CountOf(weights, layer->weights) + CountOf(weights, layer->bias);
  }
  if (const auto* lstm = std::get_if<nn::Lstm>(&operation)) {
    return CountOf(weights, lstm->input_weights) + CountOf(weights, lstm->recurrent_weights) +
           CountOf(weights, lstm->bias);
  }
  return 0;
}

std::int64_t ParameterCount(const model::LoadedModel& model) {
  std::int64_t count = 0;
  for (const nn::Layer& layer : model.spec.network.layers) count += ParameterCount(layer.operation, model.weights);
  return count;
}

// The name of a value: the input, or the layer that makes it.
std::string ValueName(const nn::Network& network, int value) {
  return value <= 0 ? "input" : network.layers[static_cast<std::size_t>(value) - 1].name;
}

std::string InputNames(const nn::Network& network, const nn::Layer& layer) {
  std::string names;
  for (const int input : layer.inputs) names += (names.empty() ? "" : ", ") + ValueName(network, input);
  return names;
}

std::string FormatLayers(const model::LoadedModel& model) {
  const nn::Network& network = model.spec.network;
  std::vector<std::vector<std::string>> rows = {{"LAYER", "OPERATION", "READS", "PARAMETERS"}};
  for (const nn::Layer& layer : network.layers) {
    rows.push_back({base::Printable(layer.name), std::visit(Describer(), layer.operation),
                    base::Printable(InputNames(network, layer)),
                    std::to_string(ParameterCount(layer.operation, model.weights))});
  }
  return FormatTable(rows);
}

// "481x353 pixels, stretch, nearest": the preprocessing of images.
std::string FormatInput(const model::ModelSpec& spec) {
  const std::string size = spec.input_width_px > 0
                               ? base::StrCat(spec.input_width_px, "x", spec.input_height_px, " pixels, ")
                               : std::string("any size, ");
  return base::StrCat(size, app::FitName(spec.fit), ", ", app::ResamplingName(spec.resampling));
}

// The decoder that the model's maps are decoded with by default.
model::DecoderSpec DefaultDecoder(const model::ModelSpec& spec) {
  if (spec.decoder) return *spec.decoder;
  const PoseDecoder decoder = human::DefaultDecoder(human::KindOf(spec.network), /*is_refined=*/false);
  return {.decoder = decoder, .options = DefaultMultiPoseOptions(decoder)};
}

std::string OutputNames(const nn::Network& network) {
  std::string names;
  for (const nn::Output& output : network.outputs) names += (names.empty() ? "" : ", ") + output.name;
  return names;
}

}  // namespace

std::string FormatTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      table += row[i];
      if (i + 1 < row.size()) table.append(widths[i] - row[i].size() + 2, ' ');
    }
    table += '\n';
  }
  return table;
}

std::string FormatCount(std::int64_t count) {
  if (count < 1'000'000) return std::to_string(count);
  return app::FormatFixed(static_cast<double>(count) / 1e6, 1) + " M";
}

// The type of the model's weights, and what --precision auto runs on this CPU.
std::string DescribePrecision(const model::ModelVariant& variant) {
  const model::LoadedModel& model = variant.model;
  const auto layers_of = [&](nn::DType type) {
    return std::ranges::count_if(model.weights, [&](const auto& named) { return named.second.dtype == type; });
  };
  switch (variant.precision) {
    case model::WeightPrecision::kUint8:
      return "uint8 weights and values, computed in integers";
    case model::WeightPrecision::kInt8:
      return base::StrCat("int8 weights in ", layers_of(nn::DType::kInt8), " layers, floats in the others");
    case model::WeightPrecision::kBFloat16:
      return base::StrCat("bf16 weights in ", layers_of(nn::DType::kBFloat16), " layers, floats in the others");
    case model::WeightPrecision::kFloat:
      break;
  }
  if (model.spec.task != kHumanTask) return "float weights";
  const std::string best = SupportedInstructionSets().front();
  const model::ModelVariant chosen = app::ChooseVariant(variant, Precision::kAuto, best);
  if (chosen.precision != model::WeightPrecision::kFloat) {
    return base::StrCat("float weights; auto uses ", base::Printable(chosen.file.filename().native()),
                        ", which is faster with ", best);
  }
  if (!nn::TraitsOfInstructionSet(best).has_int8) {
    return base::StrCat("float weights; auto uses fp32, the fastest with ", best);
  }
  return base::StrCat("float weights; auto uses fp32: an int8 version of the model, which would be faster with ", best,
                      ", is not in its folder");
}

bool IsForHumans(const model::ModelSpec& spec) { return spec.task == kHumanTask; }

// The rows that only models for one task have.
std::vector<std::vector<std::string>> TaskRows(const model::ModelVariant& variant) {
  const model::ModelSpec& spec = variant.model.spec;
  if (IsForHumans(spec)) {
    const model::DecoderSpec decoder = DefaultDecoder(spec);
    return {{"output stride", std::to_string(spec.output_stride)},
            {"decoder", app::DescribeDecoder(decoder.decoder, decoder.options)}};
  }
  if (spec.task != kCameraTask) return {};
  const auto camera = app::CameraSpecOrThrow(variant.model, variant.file);
  const auto number = [](double value) { return app::FormatJsonNumber(value, 4); };
  return {{"scene", base::Printable(camera.scene)},
          {"origin", base::StrCat(number(camera.origin[0]), ", ", number(camera.origin[1]), ", ",
                                  number(camera.origin[2]), camera.length_unit == LengthUnit::kMeters ? " m" : "")},
          {"radius", base::StrCat(number(camera.scale), camera.length_unit == LengthUnit::kMeters ? " m" : "")},
          {"frames",
           camera.sequence_length > 1 ? base::StrCat("up to ", camera.sequence_length, " together") : "one by one"}};
}

std::string FormatModel(const model::ModelVariant& variant, Layers layers) {
  const model::LoadedModel& model = variant.model;
  const model::ModelSpec& spec = model.spec;
  const auto number = [](float value) { return app::FormatJsonNumber(value, 6); };
  std::vector<std::vector<std::string>> rows = {
      {"name", base::Printable(spec.name)},
      {"file", base::Printable(variant.file.native())},
      {"task", base::Printable(spec.task)},
      {"architecture", base::Printable(spec.architecture)},
      {"outputs", base::Printable(OutputNames(spec.network))},
      {"layers", std::to_string(spec.network.layers.size())},
      {"parameters", std::to_string(ParameterCount(model))},
      {"precision", DescribePrecision(variant)},
      {"input", base::StrCat("RGB value * ", number(spec.input_scale), " + (", number(spec.input_bias[0]), ", ",
                             number(spec.input_bias[1]), ", ", number(spec.input_bias[2]), ")")},
      {"images", FormatInput(spec)},
  };
  for (std::vector<std::string>& row : TaskRows(variant)) rows.push_back(std::move(row));
  rows.push_back({"source", base::Printable(spec.source)});
  rows.push_back({"license", base::Printable(spec.license)});
  const std::string text = FormatTable(rows);
  return layers == Layers::kShow ? text + "\n" + FormatLayers(model) : text;
}

std::string FormatModelJson(const model::ModelVariant& variant, Layers layers, app::JsonLayout layout) {
  const model::LoadedModel& model = variant.model;
  const model::ModelSpec& spec = model.spec;
  nlohmann::ordered_json json;
  json["name"] = app::ValidUtf8(spec.name);
  json["file"] = app::ValidUtf8(variant.file.native());
  json["id"] = model::ModelIdOf(model);
  if (!model.quantized_from.empty()) json["quantized_from"] = app::ValidUtf8(model.quantized_from);
  json["task"] = app::ValidUtf8(spec.task);
  json["architecture"] = app::ValidUtf8(spec.architecture);
  if (IsForHumans(spec)) json["output_stride"] = spec.output_stride;
  json["parameters"] = ParameterCount(model);
  json["precision"] = app::ValidUtf8(DescribePrecision(variant));
  json["input_scale"] = spec.input_scale;
  json["input_bias"] = spec.input_bias;
  if (spec.input_width_px > 0) {
    json["input_width"] = spec.input_width_px;
    json["input_height"] = spec.input_height_px;
  }
  json["fit"] = app::FitName(spec.fit);
  json["resample"] = app::ResamplingName(spec.resampling);
  if (IsForHumans(spec)) {
    const model::DecoderSpec decoder = DefaultDecoder(spec);
    json["decoder"] = app::DecoderName(decoder.decoder);
    if (app::DetectsSeveral(decoder.decoder)) {
      json["max_poses"] = decoder.options.max_poses;
      json["score_threshold"] = std::round(double{decoder.options.score_threshold} * 1e5) / 1e5;
    }
    if (app::HasNmsRadius(decoder.decoder)) {
      json["nms_radius"] = std::round(double{decoder.options.nms_radius_px} * 1e3) / 1e3;
    }
  }
  if (spec.task == kCameraTask) {
    const auto camera = app::CameraSpecOrThrow(variant.model, variant.file);
    json["scene"] = app::ValidUtf8(camera.scene);
    json["origin"] = camera.origin;
    json["scale"] = camera.scale;
    json["units"] = camera::LengthUnitName(camera.length_unit);
    json["sequence_length"] = camera.sequence_length;
  }
  json["source"] = app::ValidUtf8(spec.source);
  json["license"] = app::ValidUtf8(spec.license);
  for (const nn::Output& output : spec.network.outputs) json["outputs"].push_back(app::ValidUtf8(output.name));
  if (layers == Layers::kShow) {
    for (const nn::Layer& layer : spec.network.layers) {
      nlohmann::ordered_json entry;
      entry["name"] = app::ValidUtf8(layer.name);
      entry["operation"] = std::visit(Describer(), layer.operation);
      for (const int input : layer.inputs) entry["reads"].push_back(app::ValidUtf8(ValueName(spec.network, input)));
      entry["parameters"] = ParameterCount(layer.operation, model.weights);
      json["layers"].push_back(entry);
    }
  } else {
    json["layers"] = spec.network.layers.size();
  }
  return json.dump(layout == app::JsonLayout::kPretty ? 2 : -1) + "\n";
}

}  // namespace posenet::cli

// SPDX-License-Identifier: Apache-2.0
#include "model_report.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <variant>

#include "base/strings.h"
#include "human_options.h"
#include "model_search.h"
#include "nn/network.h"
#include "nn/plan.h"
#include "nn/weights.h"
#include "numbers.h"

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
  return activation == nn::Activation::kNone ? std::string() : StrCat(" ", NameOf(activation));
}

// "3x3", "3x3 stride 2", "3x3 dilation 2"; both directions where they differ.
std::string Describe(const nn::Window& window) {
  const auto pair = [](std::string_view name, int height, int width) {
    if (height == 1 && width == 1) return std::string();
    return height == width ? StrCat(name, height) : StrCat(name, height, "x", width);
  };
  return StrCat(window.kernel_height, "x", window.kernel_width,
                pair(" stride ", window.stride_height, window.stride_width),
                pair(" dilation ", window.dilation_height, window.dilation_width));
}

// One operation in words.
struct Describer {
  std::string operator()(const nn::Conv2d& conv) const {
    const std::string kind = conv.groups == 1                   ? "conv "
                             : conv.groups == conv.out_channels ? "depthwise conv "
                                                                : StrCat("conv of ", conv.groups, " groups ");
    return StrCat(kind, Describe(conv.window), Suffix(conv.activation));
  }
  std::string operator()(const nn::Pool& pool) const {
    return StrCat(pool.kind == nn::PoolKind::kMax ? "max pool " : "average pool ", Describe(pool.window));
  }
  std::string operator()(const nn::GlobalAveragePool&) const { return "global average pool"; }
  std::string operator()(const nn::Add& add) const { return "add" + Suffix(add.activation); }
  std::string operator()(const nn::Concat&) const { return "concat"; }
  std::string operator()(const nn::FullyConnected& layer) const { return "fully connected" + Suffix(layer.activation); }
  std::string operator()(const nn::LocalResponseNorm& norm) const { return StrCat("local response norm ", norm.size); }
  std::string operator()(const nn::Dropout& dropout) const { return StrCat("dropout ", dropout.rate); }
  std::string operator()(const nn::Lstm& lstm) const {
    const char* const what = lstm.scan == nn::Scan::kBatch  ? "lstm over the batch"
                             : lstm.scan == nn::Scan::kRows ? "lstm over rows"
                                                            : "lstm over columns";
    return StrCat(what, lstm.direction == nn::Direction::kReverse ? ", reverse" : "");
  }
  std::string operator()(const nn::Quantize&) const { return "quantize"; }
  std::string operator()(const nn::QuantizedConv2d& conv) const {
    return StrCat(conv.groups == 1 ? "uint8 conv " : "uint8 depthwise conv ", Describe(conv.window),
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

std::int64_t ParameterCount(const LoadedModel& model) {
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

std::string FormatLayers(const LoadedModel& model) {
  const nn::Network& network = model.spec.network;
  std::vector<std::vector<std::string>> rows = {{"LAYER", "OPERATION", "READS", "PARAMETERS"}};
  for (const nn::Layer& layer : network.layers) {
    rows.push_back({Printable(layer.name), std::visit(Describer(), layer.operation),
                    Printable(InputNames(network, layer)),
                    std::to_string(ParameterCount(layer.operation, model.weights))});
  }
  return FormatTable(rows);
}

// "481x353 pixels, stretch, nearest": what the model wants of pictures.
std::string FormatInput(const ModelSpec& spec) {
  const std::string size = spec.input_width_px > 0 ? StrCat(spec.input_width_px, "x", spec.input_height_px, " pixels, ")
                                                   : std::string("any size, ");
  return StrCat(size, FitName(spec.fit), ", ", ResamplingName(spec.resampling));
}

std::string FormatDecoder(const DecoderSpec& decoder) {
  return StrCat(DecoderName(decoder.decoder), ", max poses ", decoder.options.max_poses, ", score threshold ",
                FormatJsonNumber(decoder.options.score_threshold, kScoreDecimals), ", NMS radius ",
                FormatJsonNumber(decoder.options.nms_radius_px, kPositionDecimals), " px");
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
  return FormatFixed(static_cast<double>(count) / 1e6, 1) + " M";
}

std::string DescribePrecision(const LoadedModel& model, const std::filesystem::path& file) {
  if (nn::IsQuantized(model.spec.network)) return "uint8 values and weights, computed in integers";
  const auto layers_of = [&](nn::DType type) {
    return std::count_if(model.weights.begin(), model.weights.end(),
                         [&](const auto& named) { return named.second.dtype == type; });
  };
  if (const auto count = layers_of(nn::DType::kInt8); count > 0) {
    return StrCat("int8 weights in ", count, " layers, floats in the others");
  }
  if (const auto count = layers_of(nn::DType::kBFloat16); count > 0) {
    return StrCat("bf16 weights in ", count, " layers, floats in the others");
  }
  const std::string best = SupportedInstructionSets().front();
  const nn::InstructionSetTraits fast = nn::TraitsOfInstructionSet(best);
  const std::filesystem::path chosen = ModelForPrecision(file, Precision::kAuto, best);
  if (chosen != file) {
    return StrCat("float weights; auto takes ", Printable(chosen.filename().native()), ", which ", best,
                  " multiplies faster");
  }
  if (!fast.has_int8) return StrCat("float weights; auto takes fp32: ", best, " multiplies nothing else faster");
  return StrCat("float weights; auto takes fp32: there is no int8 model beside the file, which ", best,
                " would multiply faster");
}

bool FindsPeople(const ModelSpec& spec) { return spec.task == "human-pose"; }

// What is particular to models of a task.
std::vector<std::vector<std::string>> TaskRows(const ModelSpec& spec) {
  if (FindsPeople(spec)) {
    return {{"output stride", std::to_string(spec.output_stride)},
            {"decoder", FormatDecoder(spec.decoder.value_or(DecoderSpec{}))}};
  }
  if (!spec.camera) return {};
  const CameraSpec& camera = *spec.camera;
  const auto number = [](double value) { return FormatJsonNumber(value, 4); };
  return {
      {"scene", Printable(camera.scene)},
      {"origin", StrCat(number(camera.origin[0]), ", ", number(camera.origin[1]), ", ", number(camera.origin[2]),
                        camera.lengths_are_metres ? " m" : "")},
      {"radius", StrCat(number(camera.scale), camera.lengths_are_metres ? " m" : "")},
      {"frames", camera.sequence_length > 1 ? StrCat("up to ", camera.sequence_length, " together") : "one by one"}};
}

std::string FormatModel(const LoadedModel& model, const std::filesystem::path& file, Layers layers) {
  const ModelSpec& spec = model.spec;
  const auto number = [](float value) { return FormatJsonNumber(value, 6); };
  std::vector<std::vector<std::string>> rows = {
      {"name", Printable(spec.name)},
      {"file", Printable(file.native())},
      {"task", Printable(spec.task)},
      {"architecture", Printable(spec.architecture)},
      {"outputs", Printable(OutputNames(spec.network))},
      {"layers", std::to_string(spec.network.layers.size())},
      {"parameters", std::to_string(ParameterCount(model))},
      {"precision", DescribePrecision(model, file)},
      {"input", StrCat("RGB value * ", number(spec.input_scale), " + (", number(spec.input_bias[0]), ", ",
                       number(spec.input_bias[1]), ", ", number(spec.input_bias[2]), ")")},
      {"pictures", FormatInput(spec)},
  };
  for (std::vector<std::string>& row : TaskRows(spec)) rows.push_back(std::move(row));
  rows.push_back({"source", Printable(spec.source)});
  rows.push_back({"license", Printable(spec.license)});
  const std::string text = FormatTable(rows);
  return layers == Layers::kShow ? text + "\n" + FormatLayers(model) : text;
}

std::string FormatModelJson(const LoadedModel& model, const std::filesystem::path& file, Layers layers,
                            JsonLayout layout) {
  const ModelSpec& spec = model.spec;
  nlohmann::ordered_json json;
  json["name"] = ValidUtf8(spec.name);
  json["file"] = ValidUtf8(file.native());
  json["task"] = ValidUtf8(spec.task);
  json["architecture"] = ValidUtf8(spec.architecture);
  if (FindsPeople(spec)) json["output_stride"] = spec.output_stride;
  json["parameters"] = ParameterCount(model);
  json["precision"] = ValidUtf8(DescribePrecision(model, file));
  json["input_scale"] = spec.input_scale;
  json["input_bias"] = spec.input_bias;
  if (spec.input_width_px > 0) {
    json["input_width"] = spec.input_width_px;
    json["input_height"] = spec.input_height_px;
  }
  json["fit"] = FitName(spec.fit);
  json["resample"] = ResamplingName(spec.resampling);
  if (FindsPeople(spec)) {
    const DecoderSpec decoder = spec.decoder.value_or(DecoderSpec{});
    json["decoder"] = DecoderName(decoder.decoder);
    json["max_poses"] = decoder.options.max_poses;
    json["score_threshold"] = std::round(double{decoder.options.score_threshold} * 1e5) / 1e5;
    json["nms_radius"] = std::round(double{decoder.options.nms_radius_px} * 1e3) / 1e3;
  }
  if (spec.camera) {
    json["scene"] = ValidUtf8(spec.camera->scene);
    json["origin"] = spec.camera->origin;
    json["scale"] = spec.camera->scale;
    json["units"] = spec.camera->lengths_are_metres ? "metres" : "arbitrary";
    json["sequence_length"] = spec.camera->sequence_length;
  }
  json["source"] = ValidUtf8(spec.source);
  json["license"] = ValidUtf8(spec.license);
  for (const nn::Output& output : spec.network.outputs) json["outputs"].push_back(ValidUtf8(output.name));
  if (layers == Layers::kShow) {
    for (const nn::Layer& layer : spec.network.layers) {
      nlohmann::ordered_json entry;
      entry["name"] = ValidUtf8(layer.name);
      entry["operation"] = std::visit(Describer(), layer.operation);
      for (const int input : layer.inputs) entry["reads"].push_back(ValidUtf8(ValueName(spec.network, input)));
      entry["parameters"] = ParameterCount(layer.operation, model.weights);
      json["layers"].push_back(entry);
    }
  } else {
    json["layers"] = spec.network.layers.size();
  }
  return json.dump(layout == JsonLayout::kPretty ? 2 : -1) + "\n";
}

}  // namespace posenet::cli

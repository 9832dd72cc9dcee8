// SPDX-License-Identifier: Apache-2.0
#include "model/model_spec_json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "model/mobilenet.h"
#include "model/testing/bytes.h"

namespace posenet::model {
namespace {

using Json = nlohmann::json;

// Every kind of layer, with no field at its default.
ModelSpec EverySpec() {
  ModelSpec spec;
  spec.name = "every \"layer\" \u00e9";
  spec.architecture = "test";
  spec.task = "camera-pose";
  spec.output_stride = 16;
  spec.input_scale = 1.0F / 127.5F;
  spec.input_bias = {-123.15F, -115.90F, 1e-45F};
  spec.task_json = R"({"a":[0.1,-2e5],"scene":"kitchen"})";
  spec.source = "nowhere";
  spec.license = "Apache-2.0";
  spec.network.input_channels = 4;
  const nn::Padding padding{.mode = nn::PaddingMode::kExplicit, .top = 1, .bottom = 2, .left = 3, .right = 4};
  const nn::Window window{5, 7, 2, 3, 4, 6, padding};
  nn::Window pool_window{3, 2, 2, 1, 1, 1, {}};
  pool_window.padding.mode = nn::PaddingMode::kValid;
  spec.network.layers = {
      {"conv", {0}, nn::Conv2d{window, 8, 2, "w", "b", nn::Activation::kRelu6}},
      {"no bias", {0}, nn::Conv2d{nn::Window{}, 8, 1, "w2", "", nn::Activation::kSigmoid}},
      {"pool", {1}, nn::Pool{nn::PoolKind::kAverage, pool_window}},
      {"add", {1, 2}, nn::Add{nn::Activation::kRelu}},
      {"concat", {1, 2, 4}, nn::Concat{}},
      {"mean", {5}, nn::GlobalAveragePool{}},
      {"full", {6}, nn::FullyConnected{7, "fw", "fb", nn::Activation::kNone}},
      {"activate", {7}, nn::Activate{nn::Activation::kRelu}},
      {"up", {1}, nn::Pool{nn::PoolKind::kMax, {3, 3, 2, 2, 1, 1, {nn::PaddingMode::kRoundUp, 1, 1, 0, 0}}}},
      {"norm", {1}, nn::LocalResponseNorm{7, 0.5F, 0.25F, 2.0F}},
      {"dropout", {7}, nn::Dropout{0.25F}},
      {"lstm", {7}, nn::Lstm{5, nn::Scan::kColumns, nn::ScanDirection::kReverse, 7, "iw", "rw", "lb"}},
      {"frames", {7}, nn::Lstm{5, nn::Scan::kBatch, nn::ScanDirection::kForward, 0, "iw2", "rw2", "lb2"}},
      {"larger", {1}, nn::Upsample{3}},
  };
  spec.network.outputs = {{"heatmap", 8}, {"raw", 0}};
  return spec;
}

TEST(ModelSpecJson, ReadsBackEqual) {
  const std::string text = ModelSpecToJson(EverySpec());
  const auto spec = ParseModelSpec(text);
  ASSERT_THAT(spec, base::Succeeds());
  EXPECT_EQ(ModelSpecToJson(*spec), text);
  // Comparing the text alone would miss a field that is neither written nor read.
  const ModelSpec expected = EverySpec();
  EXPECT_EQ(spec->name, expected.name);
  EXPECT_EQ(spec->task, expected.task);
  EXPECT_EQ(spec->license, expected.license);
  EXPECT_EQ(spec->source, expected.source);
  EXPECT_EQ(spec->architecture, expected.architecture);
  EXPECT_EQ(spec->output_stride, expected.output_stride);
  EXPECT_EQ(spec->task_json, R"({"a":[0.1,-200000.0],"scene":"kitchen"})");
  EXPECT_EQ(spec->network.input_channels, expected.network.input_channels);
  const auto& conv = std::get<nn::Conv2d>(spec->network.layers[0].operation);
  const auto& expected_conv = std::get<nn::Conv2d>(expected.network.layers[0].operation);
  EXPECT_EQ(conv.window, expected_conv.window);
  EXPECT_EQ(conv.groups, expected_conv.groups);
  EXPECT_EQ(conv.out_channels, expected_conv.out_channels);
  EXPECT_EQ(conv.weights, expected_conv.weights);
  EXPECT_EQ(conv.bias, expected_conv.bias);
  EXPECT_EQ(conv.activation, expected_conv.activation);
  EXPECT_EQ(std::get<nn::Pool>(spec->network.layers[2].operation).kind, nn::PoolKind::kAverage);
  EXPECT_EQ(std::get<nn::Pool>(spec->network.layers[2].operation).window.padding.mode, nn::PaddingMode::kValid);
  EXPECT_EQ(spec->network.layers[4].inputs, expected.network.layers[4].inputs);
  EXPECT_EQ(std::get<nn::Pool>(spec->network.layers[8].operation).window,
            std::get<nn::Pool>(expected.network.layers[8].operation).window);
  const auto& norm = std::get<nn::LocalResponseNorm>(spec->network.layers[9].operation);
  EXPECT_EQ(norm.size, 7);
  EXPECT_EQ(norm.alpha, 0.5F);
  EXPECT_EQ(norm.beta, 0.25F);
  EXPECT_EQ(norm.k, 2.0F);
  EXPECT_EQ(std::get<nn::Dropout>(spec->network.layers[10].operation).rate, 0.25F);
  const auto& lstm = std::get<nn::Lstm>(spec->network.layers[11].operation);
  EXPECT_EQ(lstm.hidden, 5);
  EXPECT_EQ(lstm.scan, nn::Scan::kColumns);
  EXPECT_EQ(lstm.direction, nn::ScanDirection::kReverse);
  EXPECT_EQ(lstm.rows, 7);
  EXPECT_EQ(lstm.input_weights, "iw");
  EXPECT_EQ(lstm.recurrent_weights, "rw");
  EXPECT_EQ(lstm.bias, "lb");
  EXPECT_EQ(std::get<nn::Upsample>(spec->network.layers[13].operation).factor, 3);
  EXPECT_EQ(spec->network.outputs[0].name, "heatmap");
  EXPECT_EQ(spec->network.outputs[0].value, 8);
}

TEST(ModelSpecJson, KeepsEveryBitOfFloats) {
  ModelSpec spec = EverySpec();
  for (const float scale : {1.0F / 127.5F, 0.1F, 1e-45F, std::numeric_limits<float>::max(), -0.0F, 16777217.0F}) {
    spec.input_scale = scale;
    const auto read = ParseModelSpec(ModelSpecToJson(spec));
    ASSERT_THAT(read, base::Succeeds());
    EXPECT_EQ(read->input_scale, scale);
    EXPECT_EQ(std::signbit(read->input_scale), std::signbit(scale));
  }
}

struct Damage {
  const char* pointer;  // JSON pointer to the value that is replaced.
  const char* value;
  ErrorCode code;
  const char* message;
};

TEST(ModelSpecJson, NamesThePathOfInvalidValues) {
  constexpr auto kCorrupt = ErrorCode::kCorruptData;
  constexpr auto kUnsupported = ErrorCode::kUnsupported;
  const Damage kDamages[] = {
      {"/name", "1", kCorrupt, "name: expected a string, got 1"},
      {"/output_stride", "-1", kCorrupt, "output_stride: expected a whole number"},
      {"/output_stride", "1e2", kCorrupt, "output_stride: expected a whole number"},
      {"/input/scale", "\"1\"", kCorrupt, "input.scale: expected a number that fits a float"},
      {"/input/scale", "1e39", kCorrupt, "input.scale: expected a number that fits a float"},
      {"/input/bias", "[1, 2]", kCorrupt, "input.bias: expected an array of 3"},
      {"/input/mean", "1", kUnsupported, "input.mean: is an unknown key"},
      {"/extra", "1", kUnsupported, "extra: is an unknown key"},
      {"/camera", "7", kCorrupt, "camera: expected an object, got 7"},
      {"/network", "[]", kCorrupt, "network: expected an object"},
      {"/network/input_channels", "0", kCorrupt, "network.input_channels: expected a whole number from 1"},
      {"/network/layers", "[]", kCorrupt, "network.layers: expected an array of 1 to"},
      {"/network/layers/0", "null", kCorrupt, "network.layers[0]"},
      {"/network/layers/0/op", "\"conv3d\"", kUnsupported, "network.layers[0].op: layers of kind \"conv3d\""},
      {"/network/layers/0/op", "7", kCorrupt, "network.layers[0].op: expected a string"},
      {"/network/layers/0/rate", "7", kUnsupported, "network.layers[0].rate: is an unknown key"},
      {"/network/layers/0/kernel", "[5]", kCorrupt, "network.layers[0].kernel: expected an array of 2"},
      {"/network/layers/0/stride/0", "0", kCorrupt, "network.layers[0].stride[0]: expected a whole number from 1"},
      {"/network/layers/0/dilation/1", "65536", kCorrupt, "network.layers[0].dilation[1]: expected a whole number"},
      {"/network/layers/0/padding", "\"full\"", kCorrupt,
       "network.layers[0].padding: expected one of \"same\", \"valid\", got \"full\""},
      {"/network/layers/0/padding/3", "-1", kCorrupt, "network.layers[0].padding[3]: expected a whole number from 0"},
      {"/network/layers/2/rounding", "\"up\"", kCorrupt, "network.layers[2].padding: expected four numbers"},
      {"/network/layers/8/rounding", "\"down\"", kCorrupt, "network.layers[8].rounding: expected \"up\""},
      {"/network/layers/9/size", "4", kCorrupt, "network.layers[9].size: expected an odd number"},
      {"/network/layers/9/k", "0", kCorrupt, "network.layers[9].k: expected a number above 0"},
      {"/network/layers/9/beta", "-1", kCorrupt, "network.layers[9].beta: expected a number of at least 0"},
      {"/network/layers/10/rate", "1", kCorrupt, "network.layers[10].rate: expected a number of at least 0"},
      {"/network/layers/11/rows", "0", kCorrupt, "network.layers[11].rows: expected a whole number from 1"},
      {"/network/layers/11/scan", "\"up\"", kCorrupt, "network.layers[11].scan: expected one of"},
      {"/network/layers/11/bias", "\"\"", kCorrupt, "network.layers[11].bias: expected a name"},
      {"/network/layers/12/rows", "1", kCorrupt, "network.layers[12].rows: expected a whole number from 0 to 0"},
      {"/network/layers/0/out_channels", "1048577", kCorrupt, "network.layers[0].out_channels: expected"},
      {"/network/layers/0/groups", "0", kCorrupt, "network.layers[0].groups: expected"},
      {"/network/layers/0/weights", "\"\"", kCorrupt, "network.layers[0].weights: expected a name"},
      {"/network/layers/0/bias", "null", kCorrupt, "network.layers[0].bias: expected a string"},
      {"/network/layers/0/activation", "\"tanh\"", kCorrupt, "network.layers[0].activation: expected one of"},
      {"/network/layers/0/inputs", "[0, 0]", kCorrupt, "network.layers[0].inputs: expected an array of 1"},
      {"/network/layers/0/inputs/0", "1", kCorrupt, "network.layers[0].inputs[0]: expected a whole number from 0 to 0"},
      {"/network/layers/2/kind", "\"median\"", kCorrupt, "network.layers[2].kind: expected one of"},
      {"/network/layers/2/dilation/0", "2", kCorrupt, "network.layers[2].dilation: expected [1, 1]"},
      {"/network/layers/3/inputs", "[1]", kCorrupt, "network.layers[3].inputs: expected an array of 2 to"},
      {"/network/layers/4/activation", "\"relu\"", kUnsupported, "network.layers[4].activation: is an unknown key"},
      {"/network/outputs", "[]", kCorrupt, "network.outputs: expected an array of 1"},
      {"/network/outputs/0/value", "15", kCorrupt, "network.outputs[0].value: expected a whole number from 0 to 14"},
      {"/network/outputs/1/name", "\"heatmap\"", kCorrupt, "network.outputs[1]: repeats the output name \"heatmap\""},
      {"/network/outputs/0/name", "\"\"", kCorrupt, "network.outputs[0].name: expected a name"},
  };
  const Json good = Json::parse(ModelSpecToJson(EverySpec()));
  for (const Damage& damage : kDamages) {
    Json damaged = good;
    damaged[Json::json_pointer(damage.pointer)] = Json::parse(damage.value);
    EXPECT_THAT(ParseModelSpec(damaged.dump()), base::FailsWith(damage.code, damage.message)) << damage.pointer;
  }
}

// Removes each field of `json` and below it, one at a time.
void ExpectEveryFieldIsNeeded(const Json& document, const Json::json_pointer& here) {
  const Json& value = document[here];
  if (!value.is_structured()) return;
  for (const auto& [key, child] : value.items()) {
    const Json::json_pointer path = value.is_array() ? here / std::stoul(key) : here / key;
    if (value.is_object() && key != "rounding") {  // Which is optional.
      Json damaged = document;
      damaged[here].erase(key);
      EXPECT_THAT(ParseModelSpec(damaged.dump()), base::FailsWith(ErrorCode::kCorruptData, key + ": is missing"))
          << path.to_string();
    }
    if (key != "camera") ExpectEveryFieldIsNeeded(document, path);  // Its fields are the task's.
  }
}

TEST(ModelSpecJson, RequiresEveryField) {
  ExpectEveryFieldIsNeeded(Json::parse(ModelSpecToJson(EverySpec())), Json::json_pointer());
}

TEST(ModelSpecJson, RefusesEveryTruncation) {
  const std::string text = ModelSpecToJson(EverySpec());
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_THAT(ParseModelSpec(std::string_view(text).substr(0, size)),
                base::FailsWith(ErrorCode::kCorruptData, "JSON"));
  }
}

TEST(ModelSpecJson, NonFiniteNumbersDoNotParse) {
  ModelSpec spec = EverySpec();
  spec.input_scale = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(ParseModelSpec(ModelSpecToJson(spec)), base::FailsWith(ErrorCode::kCorruptData, "input.scale"));
}

TEST(ModelSpecJson, ANetworkOfManyLayersIsSmall) {
  ModelSpec spec;
  spec.network = MobileNetV1Network(1.0F, 16);
  EXPECT_LT(ModelSpecToJson(spec).size(), 10'000U);
}

// A quantized model like Coral's.
ModelSpec QuantizedSpec() {
  ModelSpec spec = EverySpec();
  spec.input_width_px = 481;
  spec.input_height_px = 353;
  spec.fit = ImageFit::kStretch;
  spec.resampling = Resampling::kNearest;
  spec.decoder = DecoderSpec{PoseDecoder::kCoral, {.max_poses = 10, .score_threshold = 0.2F, .nms_radius_px = 10.0F}};
  nn::QuantizedConv2d conv;
  conv.out_channels = 4;
  conv.groups = 2;
  conv.weights = "w";
  conv.bias = "b";
  conv.weight_scale = 0.011F;
  conv.weight_zero_point = -3;
  conv.activation = nn::Activation::kRelu6;
  conv.output = {.scale = 0.0235F, .zero_point = 7};
  spec.network.layers = {{"quantize", {0}, nn::Quantize{{.scale = 0.0078F, .zero_point = 128}}},
                         {"conv", {1}, conv},
                         {"concat", {1, 2}, nn::QuantizedConcat{{.scale = 1.5F, .zero_point = 255}}},
                         {"dequantize", {3}, nn::Dequantize{}}};
  spec.network.outputs = {{"heatmap", 4}};
  return spec;
}

TEST(ModelSpecJson, ReadsBackQuantizedModels) {
  const ModelSpec expected = QuantizedSpec();
  const std::string text = ModelSpecToJson(expected);
  const auto spec = ParseModelSpec(text);
  ASSERT_THAT(spec, base::Succeeds());
  EXPECT_EQ(ModelSpecToJson(*spec), text);
  EXPECT_EQ(spec->input_width_px, 481);
  EXPECT_EQ(spec->input_height_px, 353);
  EXPECT_EQ(spec->fit, ImageFit::kStretch);
  EXPECT_EQ(spec->resampling, Resampling::kNearest);
  ASSERT_TRUE(spec->decoder.has_value());
  EXPECT_EQ(spec->decoder->decoder, PoseDecoder::kCoral);
  EXPECT_EQ(spec->decoder->options.max_poses, 10);
  EXPECT_EQ(spec->decoder->options.score_threshold, 0.2F);
  EXPECT_EQ(spec->decoder->options.nms_radius_px, 10.0F);
  const auto& conv = std::get<nn::QuantizedConv2d>(spec->network.layers[1].operation);
  const auto& expected_conv = std::get<nn::QuantizedConv2d>(expected.network.layers[1].operation);
  EXPECT_EQ(conv.output, expected_conv.output);
  EXPECT_EQ(conv.weight_scale, expected_conv.weight_scale);
  EXPECT_EQ(conv.weight_zero_point, -3);
  EXPECT_EQ(conv.groups, 2);
  EXPECT_EQ(conv.activation, nn::Activation::kRelu6);
  EXPECT_EQ(std::get<nn::QuantizedConcat>(spec->network.layers[2].operation).output.zero_point, 255);
}

TEST(ModelSpecJson, ReadsBackEveryResampling) {
  for (const Resampling resampling : {Resampling::kBilinear, Resampling::kNearest, Resampling::kAntialiased}) {
    ModelSpec spec = EverySpec();
    spec.resampling = resampling;
    EXPECT_EQ(ParseModelSpec(ModelSpecToJson(spec))->resampling, resampling);
  }
}

TEST(ModelSpecJson, RefusesInvalidQuantization) {
  const auto expect = [](const char* pointer, const Json& value, const char* message) {
    Json json = Json::parse(ModelSpecToJson(QuantizedSpec()));
    json[Json::json_pointer(pointer)] = value;
    EXPECT_THAT(ParseModelSpec(json.dump()), base::FailsWith(ErrorCode::kCorruptData, message)) << pointer;
  };
  expect("/network/layers/0/scale", 0, "network.layers[0].scale: expected a number above 0");
  expect("/network/layers/0/zero_point", 256, "network.layers[0].zero_point");
  expect("/network/layers/1/weight_scale", -1, "network.layers[1].weight_scale");
  expect("/network/layers/1/weight_zero_point", -129, "weight_zero_point");
  expect("/network/layers/2/zero_point", 0.5, "zero_point");
  expect("/input/size", Json::array({353}), "input.size");
  expect("/input/size", Json::array({0, 481}), "input.size[0]");
  expect("/input/fit", "zoom", "input.fit: expected one of");
  expect("/input/resample", "cubic", "input.resample");
  expect("/decoder/kind", "magic", "decoder.kind");
  expect("/decoder/max_poses", 0, "decoder.max_poses");
  expect("/decoder/score_threshold", 1.5, "decoder.score_threshold");
  expect("/decoder/nms_radius", 0, "decoder.nms_radius");
}

}  // namespace
}  // namespace posenet::model

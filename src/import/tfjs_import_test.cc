// SPDX-License-Identifier: Apache-2.0
// Imports graph models of every form and compares them with the networks that they were written from.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "import/import.h"
#include "import/testing/models.h"
#include "import/testing/tfjs_writer.h"
#include "model/dilation_repair.h"
#include "model/mobilenet.h"
#include "model/model_spec.h"
#include "model/resnet.h"
#include "nn/testing/reference.h"

namespace posenet::importer {
namespace {

using nlohmann::json;

// Folding rounds weights once more.
constexpr double kFoldingTolerance = 1e-5;

// A bottleneck ResNet with every kind of unit, small enough for the reference.
model::ResNetShape SmallResNet() { return {.stem_channels = 8, .blocks = {{2, 4}, {2, 6}, {1, 8}}}; }

model::LoadedModel ImportOrFail(TfjsModel tfjs) {
  auto model = Import(std::move(tfjs));
  EXPECT_THAT(model, base::Succeeds());
  return model ? *std::move(model) : model::LoadedModel{};
}

std::map<std::string, nn::Conv2d> ConvolutionsOf(const nn::Network& network) {
  std::map<std::string, nn::Conv2d> convolutions;
  for (const nn::Layer& layer : network.layers) {
    if (const auto* conv = std::get_if<nn::Conv2d>(&layer.operation)) convolutions[layer.name] = *conv;
  }
  return convolutions;
}

// Expects as many layers, and convolutions of the same names, windows and activations.
void ExpectSameLayers(const nn::Network& expected, const nn::Network& actual) {
  EXPECT_EQ(expected.layers.size(), actual.layers.size());
  auto convolutions = ConvolutionsOf(actual);
  for (const auto& [name, conv] : ConvolutionsOf(expected)) {
    ASSERT_TRUE(convolutions.contains(name)) << name;
    const nn::Conv2d& other = convolutions[name];
    EXPECT_EQ(conv.window, other.window) << name;
    EXPECT_EQ(conv.out_channels, other.out_channels) << name;
    EXPECT_EQ(conv.groups, other.groups) << name;
    EXPECT_EQ(conv.weights, other.weights) << name;
    EXPECT_EQ(conv.bias, other.bias) << name;
    EXPECT_EQ(conv.activation, other.activation) << name;
  }
}

struct MobileNetCase {
  float multiplier;
  int output_stride;
  const char* name;
  const char* architecture;

  friend std::ostream& operator<<(std::ostream& out, const MobileNetCase& c) {
    return out << c.architecture << " stride " << c.output_stride;
  }
};

class MobileNetTest : public testing::TestWithParam<MobileNetCase> {};

TEST_P(MobileNetTest, ImportsExactly) {
  const MobileNetCase& param = GetParam();
  const model::LoadedModel original =
      WithRandomWeights(model::MobileNetV1Network(param.multiplier, param.output_stride));
  for (const TfjsStyle style : {TfjsStyle::kPlain, TfjsStyle::kFused}) {
    for (const TfjsDilation dilation : {TfjsDilation::kAttribute, TfjsDilation::kSpaceToBatch}) {
      const model::LoadedModel imported =
          ImportOrFail(ToTfjs(original, {.style = style, .dilation = dilation, .size = 129}));
      ExpectSameLayers(original.spec.network, imported.spec.network);
      ExpectSameMaps(original, imported, 33, 0.0);
      EXPECT_EQ(imported.spec.name, param.name);
      EXPECT_EQ(imported.spec.architecture, param.architecture);
      EXPECT_EQ(imported.spec.output_stride, param.output_stride);
      EXPECT_FLOAT_EQ(imported.spec.input_scale, 1.0F / 127.5F);
      EXPECT_EQ(imported.spec.input_bias, (std::array<float, 3>{-1.0F, -1.0F, -1.0F}));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, MobileNetTest,
                         testing::Values(MobileNetCase{0.50F, 8, "mobilenet050", "MobileNetV1 0.50"},
                                         MobileNetCase{0.50F, 16, "mobilenet050", "MobileNetV1 0.50"},
                                         MobileNetCase{0.75F, 8, "mobilenet075", "MobileNetV1 0.75"},
                                         MobileNetCase{0.75F, 16, "mobilenet075", "MobileNetV1 0.75"},
                                         MobileNetCase{1.0F, 8, "mobilenet100", "MobileNetV1 1.0"},
                                         MobileNetCase{1.0F, 16, "mobilenet100", "MobileNetV1 1.0"},
                                         MobileNetCase{1.0F, 32, "mobilenet100", "MobileNetV1 1.0"}));

TEST(TfjsImportTest, FoldsBatchNormalization) {
  const model::LoadedModel original = WithRandomWeights(model::MobileNetV1Network(0.50F, 16));
  for (const TfjsStyle style : {TfjsStyle::kBatchNorm, TfjsStyle::kBatchNormArithmetic}) {
    const model::LoadedModel imported = ImportOrFail(ToTfjs(original, {.style = style}));
    ExpectSameLayers(original.spec.network, imported.spec.network);
    ExpectSameMaps(original, imported, 33, kFoldingTolerance);
  }
}

TEST(TfjsImportTest, ImportsResNets) {
  for (const int output_stride : {4, 8, 16}) {
    const model::LoadedModel original = WithRandomWeights(model::ResNetNetwork(SmallResNet(), output_stride));
    for (const TfjsStyle style : {TfjsStyle::kPlain, TfjsStyle::kFused}) {
      for (const TfjsDilation dilation : {TfjsDilation::kAttribute, TfjsDilation::kSpaceToBatch}) {
        const model::LoadedModel imported =
            ImportOrFail(ToTfjs(original, {.style = style, .dilation = dilation, .size = 65}));
        ExpectSameLayers(original.spec.network, imported.spec.network);
        ExpectSameMaps(original, imported, 33, 0.0);
        EXPECT_EQ(imported.spec.output_stride, output_stride);
      }
    }
  }
}

TEST(TfjsImportTest, RecognizesResNet50) {
  model::ResNetShape shape = model::ResNet50Shape();
  for (model::ResNetShape::Block& block : shape.blocks) block.base /= 16;  // As deep, but thin.
  const model::LoadedModel imported = ImportOrFail(ToTfjs(WithRandomWeights(model::ResNetNetwork(shape, 32))));
  EXPECT_EQ(imported.spec.name, "resnet50");
  EXPECT_EQ(imported.spec.architecture, "ResNet50");
  EXPECT_EQ(imported.spec.output_stride, 32);
  EXPECT_EQ(imported.spec.input_scale, 1.0F);
  EXPECT_EQ(imported.spec.input_bias, (std::array<float, 3>{-123.15F, -115.90F, -103.06F}));
}

TEST(TfjsImportTest, DescribesTheSource) {
  const model::LoadedModel imported = ImportOrFail(ToTfjs(WithRandomWeights(model::ResNetNetwork(SmallResNet(), 16))));
  EXPECT_EQ(imported.spec.source, "model.json (generated by a test)");
  EXPECT_EQ(imported.spec.license, "Apache-2.0");
  EXPECT_EQ(imported.spec.task, "human-pose");
}

class StorageTest : public testing::TestWithParam<std::pair<TfjsStorage, double>> {};

TEST_P(StorageTest, RestoresWeightsToHalfAStep) {
  const auto [storage, relative_step] = GetParam();
  const model::LoadedModel original = WithRandomWeights(model::ResNetNetwork(SmallResNet(), 16));
  const model::LoadedModel imported = ImportOrFail(ToTfjs(original, {.storage = storage}));
  for (const auto& [name, tensor] : original.weights) {
    const std::vector<float> before = FloatsOf(original, name);
    const std::vector<float> after = FloatsOf(imported, name);
    ASSERT_EQ(before.size(), after.size()) << name;
    const auto [low, high] = std::minmax_element(before.begin(), before.end());
    const double tolerance = relative_step * static_cast<double>(*high - *low) * 0.5 + 1e-6;  // And rounding in float.
    double error = 0.0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      error = std::max(error, std::abs(static_cast<double>(before[i]) - static_cast<double>(after[i])));
    }
    EXPECT_LE(error, tolerance) << name;
    EXPECT_EQ(error > 0.0, storage != TfjsStorage::kFloat32) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, StorageTest,
                         testing::Values(std::pair(TfjsStorage::kFloat32, 0.0),
                                         std::pair(TfjsStorage::kFloat16, 1.0 / 2048.0),
                                         std::pair(TfjsStorage::kUint8, 1.0 / 255.0),
                                         std::pair(TfjsStorage::kUint16, 1.0 / 65535.0)));

TEST(TfjsImportTest, JoinsShardsThatCutWeights) {
  const model::LoadedModel original = WithRandomWeights(model::ResNetNetwork(SmallResNet(), 16));
  TfjsModel tfjs = ToTfjs(original);
  const base::TemporaryFolder folder;
  const auto imported = ImportTfjsGraphModel(tfjs.Write(folder.path(), 4099));
  ASSERT_THAT(imported, base::Succeeds());
  ExpectSameMaps(original, *imported, 33, 0.0);
}

TEST(TfjsImportTest, AcceptsNodesInAnyOrder) {
  const model::LoadedModel original = WithRandomWeights(model::ResNetNetwork(SmallResNet(), 16));
  TfjsModel tfjs = ToTfjs(original, {.style = TfjsStyle::kFused});
  std::shuffle(tfjs.nodes.begin(), tfjs.nodes.end(), std::mt19937(3));
  ExpectSameMaps(original, ImportOrFail(tfjs), 33, 0.0);
}

// Inserts a node after the image: all nodes that read "image" read `name` instead.
void InsertBehindImage(TfjsModel& tfjs, const std::string& op, const std::string& name, float constant) {
  for (json& node : tfjs.nodes) {
    for (json& input : node["input"]) {
      if (input == "image") input = name;
    }
  }
  tfjs.AddConstant(name + "/y", {}, {constant});
  tfjs.AddNode(op, name, {"image", name + "/y"});
}

TEST(TfjsImportTest, FoldsPreprocessingIntoTheNormalization) {
  const model::LoadedModel original = WithRandomWeights(model::MobileNetV1Network(0.50F, 16));
  TfjsModel tfjs = ToTfjs(original);
  InsertBehindImage(tfjs, "Sub", "centered", 1.0F);
  InsertBehindImage(tfjs, "Mul", "scaled", 2.0F / 255.0F);
  const model::LoadedModel imported = ImportOrFail(tfjs);
  ExpectSameLayers(original.spec.network, imported.spec.network);
  EXPECT_FLOAT_EQ(imported.spec.input_scale, 2.0F / 255.0F);
  EXPECT_EQ(imported.spec.input_bias, (std::array<float, 3>{-1.0F, -1.0F, -1.0F}));
}

TEST(TfjsImportTest, RecognizesPreprocessingOfImagesInZeroToOne) {
  TfjsModel tfjs = ToTfjs(WithRandomWeights(model::MobileNetV1Network(0.50F, 16)));
  InsertBehindImage(tfjs, "Sub", "centered", 1.0F);
  InsertBehindImage(tfjs, "Mul", "scaled", 2.0F);
  const model::LoadedModel imported = ImportOrFail(tfjs);
  EXPECT_FLOAT_EQ(imported.spec.input_scale, 2.0F / 255.0F);
}

TEST(TfjsImportTest, ReadsMisplacedDilationsAsTensorFlowJsDoes) {
  // One converter writes 2x2 as [2, 2, 1, 1].
  const model::LoadedModel original = WithRandomWeights(model::MobileNetV1Network(1.0F, 16));
  TfjsModel tfjs = ToTfjs(original);
  json& attributes = tfjs.Node("block13/depthwise/DepthwiseConv2dNative")["attr"];
  ASSERT_EQ(attributes["dilations"], IntegersAttribute({1, 2, 2, 1}));
  attributes["dilations"] = IntegersAttribute({2, 2, 1, 1});
  const model::LoadedModel imported = ImportOrFail(tfjs);
  EXPECT_EQ(model::LopsidedLayers(imported.spec.network).size(), 1U);
  const auto repaired = model::WithRepairedDilation(imported.spec.network);
  ASSERT_TRUE(repaired.has_value());
  ExpectSameLayers(original.spec.network, *repaired);
}

TEST(TfjsImportTest, ReadsExplicitPaddings) {
  const model::LoadedModel original = WithRandomWeights(model::ResNetNetwork(SmallResNet(), 16));
  TfjsModel tfjs = ToTfjs(original);
  json& conv = tfjs.Node("conv1/Conv2D");
  ASSERT_EQ(conv["input"][0], "conv1/Pad");
  conv["input"][0] = "image";
  conv["attr"]["padding"] = StringAttribute("EXPLICIT");
  conv["attr"]["explicit_paddings"] = IntegersAttribute({0, 0, 3, 3, 3, 3, 0, 0});
  ExpectSameLayers(original.spec.network, ImportOrFail(tfjs).spec.network);
}

TEST(TfjsImportTest, IgnoresUnusedNodes) {
  TfjsModel tfjs = ToTfjs(WithRandomWeights(model::ResNetNetwork(SmallResNet(), 16)));
  tfjs.AddNode("NoOp", "init", {"^image"});
  tfjs.AddNode("DecodeJpeg", "photo", {"image"});
  tfjs.AddNode("ResizeBilinear", "resized", {"photo"});
  tfjs.AddNode("Conv2D", "nonsense", {"resized", "resized"}, {{"strides", "not a list"}});
  EXPECT_THAT(Import(tfjs), base::Succeeds());
}

TEST(TfjsImportTest, SeesThroughIdentitiesAndControlInputs) {
  const model::LoadedModel original = WithRandomWeights(model::ResNetNetwork(SmallResNet(), 16));
  TfjsModel tfjs = ToTfjs(original);
  json& conv = tfjs.Node("conv1/Conv2D");
  conv["input"] = {"conv1/Pad:0", "conv1/weights/read", "^image"};
  tfjs.AddNode("Identity", "conv1/weights/read", {"conv1/weights"});
  const model::LoadedModel imported = ImportOrFail(tfjs);
  ExpectSameLayers(original.spec.network, imported.spec.network);
  ExpectSameMaps(original, imported, 33, 0.0);
}

TEST(TfjsImportTest, FoldsArithmeticOnConstants) {
  // Batch normalization as TensorFlow 1 writes it: factors for the weights of a depthwise convolution are [in, 1].
  const model::LoadedModel original = WithRandomWeights(model::MobileNetV1Network(0.50F, 16));
  TfjsModel tfjs = ToTfjs(original);
  constexpr std::int64_t kChannels = 16;
  std::vector<float> variances;
  std::vector<float> deviations;
  for (std::int64_t c = 0; c < kChannels; ++c) {
    deviations.push_back(1.0F + static_cast<float>(c) * 0.25F);
    variances.push_back(deviations.back() * deviations.back() - 0.5F);
  }
  tfjs.AddConstant("variance", {kChannels, 1}, variances);
  tfjs.AddConstant("epsilon", {}, {0.5F});
  tfjs.AddConstant("deviation", {kChannels, 1}, deviations);
  tfjs.AddNode("AddV2", "shifted", {"variance", "epsilon"});
  tfjs.AddNode("Rsqrt", "factor", {"shifted"});
  tfjs.AddNode("Mul", "divided", {"block1/depthwise/weights", "factor"});
  tfjs.AddNode("Mul", "restored", {"deviation", "divided"});
  tfjs.Node("block1/depthwise/DepthwiseConv2dNative")["input"][1] = "restored";
  const model::LoadedModel imported = ImportOrFail(tfjs);
  ExpectSameLayers(original.spec.network, imported.spec.network);
  ExpectSameMaps(original, imported, 33, kFoldingTolerance);
}

TEST(TfjsImportTest, AddsLayersForWhatCannotBeFolded) {
  // A normalization behind a sum (as in ResNet v2), and a sum that is also read without it.
  const model::LoadedModel original = WithRandomWeights(model::ResNetNetwork(SmallResNet(), 16));
  TfjsModel tfjs = ToTfjs(original);
  tfjs.AddConstant("scale", {4 * 8}, std::vector<float>(32, 2.0F));
  tfjs.AddNode("Mul", "scaled", {"block3/unit1/Relu", "scale"});
  tfjs.AddNode("AddV2", "tripled", {"scaled", "block3/unit1/Relu"});
  tfjs.AddConstant("third", {}, {1.0F / 3.0F});
  tfjs.AddNode("Mul", "same", {"tripled", "third"});
  for (const char* head : {"heatmap", "offset", "displacement_fwd", "displacement_bwd"}) {
    tfjs.Node(std::string(head) + "/Conv2D")["input"][0] = "same";
  }
  const model::LoadedModel imported = ImportOrFail(tfjs);
  EXPECT_EQ(imported.spec.network.layers.size(), original.spec.network.layers.size() + 3);
  ExpectSameMaps(original, imported, 33, kFoldingTolerance);
}

// The small ResNet without pool1, behind a Pad and a pool of `op` that reads `before`.
model::LoadedModel WithPaddedPool(const std::string& op, const char* activation_node, nn::Activation activation) {
  nn::Network network = model::ResNetNetwork(SmallResNet(), 16);
  std::get<nn::Conv2d>(network.layers[0].operation).activation = activation;
  TfjsModel tfjs = ToTfjs(WithRandomWeights(network));
  tfjs.AddIntegers("border", {4, 2}, {0, 0, 2, 0, 1, 1, 0, 0});
  tfjs.AddNode("Pad", "padded", {activation_node, "border"});
  json& pool = tfjs.Node("pool1/MaxPool");
  pool["op"] = op;
  pool["input"][0] = "padded";
  pool["attr"]["padding"] = StringAttribute("VALID");
  return ImportOrFail(tfjs);
}

TEST(TfjsImportTest, KeepsSignificantZerosAsALayer) {
  // The zeros of a Pad take part in a maximum of negative numbers and in a mean, those of the pool's padding do not.
  for (const std::string op : {"MaxPool", "AvgPool"}) {
    const model::LoadedModel imported = WithPaddedPool(op, "conv1/BiasAdd", nn::Activation::kNone);
    const nn::Network& network = imported.spec.network;
    ASSERT_EQ(network.layers[1].name, "pool1/MaxPool/border");
    EXPECT_EQ(std::get<nn::Pool>(network.layers[2].operation).window.padding.mode, nn::PaddingMode::kValid);

    // Two rows above, one column on either side, of the same numbers.
    nn::Network cut = network;
    cut.layers.resize(2);
    cut.outputs = {{"before", 1}, {"after", 2}};
    const nn::Shape shape{1, 5, 7, 3};
    const std::vector<float> image(5 * 7 * 3, 0.5F);
    const auto maps = nn::ReferenceRun(cut, imported.weights, image, shape);
    ASSERT_THAT(maps, base::Succeeds());
    const nn::ReferenceTensor& before = (*maps)[0];
    const nn::ReferenceTensor& after = (*maps)[1];
    ASSERT_EQ(after.shape, (nn::Shape{1, before.shape.height + 2, before.shape.width + 2, 8}));
    for (int y = 0; y < after.shape.height; ++y) {
      for (int x = 0; x < after.shape.width; ++x) {
        const bool inside = y >= 2 && x >= 1 && x <= before.shape.width;
        const auto at = static_cast<std::size_t>((y * after.shape.width + x) * 8);
        const auto from = static_cast<std::size_t>(((y - 2) * before.shape.width + x - 1) * 8);
        EXPECT_EQ(after.values[at], inside ? before.values[from] : 0.0F) << y << ' ' << x;
      }
    }
  }
}

TEST(TfjsImportTest, FoldsTheBorderIntoAMaximumOfPositiveNumbers) {
  const model::LoadedModel imported = WithPaddedPool("MaxPool", "conv1/Relu", nn::Activation::kRelu);
  const auto& pool = std::get<nn::Pool>(imported.spec.network.layers[1].operation);
  EXPECT_EQ(pool.window.padding, (nn::Padding{nn::PaddingMode::kExplicit, 2, 0, 1, 1}));
}

TEST(TfjsImportTest, AddsALayerForABorderWiderThanTheWindow) {
  TfjsModel tfjs = ToTfjs(WithRandomWeights(model::ResNetNetwork(SmallResNet(), 16)));
  tfjs.AddIntegers("border", {4, 2}, {0, 0, 3, 3, 3, 3, 0, 0});
  tfjs.AddNode("Pad", "padded", {"conv1/Relu", "border"});
  tfjs.Node("pool1/MaxPool")["input"][0] = "padded";
  tfjs.Node("pool1/MaxPool")["attr"]["padding"] = StringAttribute("VALID");
  EXPECT_EQ(ImportOrFail(tfjs).spec.network.layers[1].name, "pool1/MaxPool/border");
}

}  // namespace
}  // namespace posenet::importer

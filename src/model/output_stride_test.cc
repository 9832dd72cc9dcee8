// SPDX-License-Identifier: Apache-2.0
#include "model/output_stride.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/mobilenet.h"
#include "model/model_spec_json.h"
#include "model/random_weights.h"
#include "model/resnet.h"
#include "model/testing/bytes.h"
#include "nn/testing/reference.h"

namespace posenet::model {
namespace {

// Every property of a network in a form that can be compared.
std::string Text(const nn::Network& network) {
  ModelSpec spec;
  spec.network = network;
  return ModelSpecToJson(spec);
}

std::string Text(const Result<nn::Network>& network) {
  return network ? Text(*network) : "error: " + network.error().message;
}

ResNetShape SmallResNetShape() { return {.stem_channels = 4, .blocks = {{2, 2}, {2, 3}, {3, 3}, {2, 4}}}; }

nn::Conv2d SpatialConv(int stride, int dilation, const std::string& weights) {
  return {{3, 3, stride, stride, dilation, dilation, {}}, 4, 1, weights, "", nn::Activation::kRelu};
}

nn::Conv2d PointwiseConv(int stride, const std::string& weights) {
  return {{1, 1, stride, stride, 1, 1, {}}, 4, 1, weights, "", nn::Activation::kNone};
}

const nn::Window& WindowAt(const nn::Network& network, std::size_t layer) {
  return std::get<nn::Conv2d>(network.layers[layer].operation).window;
}

// ---- The published tables ----

struct Table {
  int output_stride;
  std::array<int, 14> strides;  // Of conv0 and the 13 depthwise convolutions.
  std::array<int, 14> dilations;

  friend std::ostream& operator<<(std::ostream& out, const Table& table) { return out << table.output_stride; }
};

// What TensorFlow.js' mobilenet.ts computes for the architecture of multiplier 1.0.
constexpr Table kTables[] = {
    {32, {2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {16, {2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2}},
    {8, {2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 4}},
};

class MobileNetTables : public testing::TestWithParam<Table> {};

INSTANTIATE_TEST_SUITE_P(OutputStrides, MobileNetTables, testing::ValuesIn(kTables));

void ExpectTable(const nn::Network& network, const Table& table) {
  std::size_t spatial = 0;
  for (const nn::Layer& layer : network.layers) {
    const nn::Window& window = std::get<nn::Conv2d>(layer.operation).window;
    const bool is_spatial = window.kernel_height == 3;
    EXPECT_EQ(window.stride_height, is_spatial ? table.strides[spatial] : 1) << layer.name;
    EXPECT_EQ(window.dilation_height, is_spatial ? table.dilations[spatial] : 1) << layer.name;
    EXPECT_EQ(window.stride_width, window.stride_height) << layer.name;
    EXPECT_EQ(window.dilation_width, window.dilation_height) << layer.name;
    EXPECT_EQ(window.padding, nn::Padding{}) << layer.name;
    spatial += is_spatial ? 1 : 0;
  }
  EXPECT_EQ(spatial, table.strides.size());
}

TEST_P(MobileNetTables, AreWhatTheBuilderMakes) {
  ExpectTable(MobileNetV1Network(1.0F, GetParam().output_stride), GetParam());
}

TEST_P(MobileNetTables, AreDerivedFromEachOther) {
  for (const int from : {8, 16, 32}) {
    const auto derived = WithOutputStride(MobileNetV1Network(1.0F, from), GetParam().output_stride);
    ASSERT_THAT(derived, base::Succeeds());
    ExpectTable(*derived, GetParam());
    EXPECT_EQ(OutputStrideOf(*derived), GetParam().output_stride);
  }
}

// ---- Properties ----

TEST(WithOutputStride, ToItsOwnStrideChangesNothing) {
  for (const int stride : {8, 16, 32}) {
    const nn::Network mobilenet = MobileNetV1Network(1.0F, stride);
    EXPECT_EQ(Text(WithOutputStride(mobilenet, stride)), Text(mobilenet));
    const nn::Network resnet = ResNetNetwork(SmallResNetShape(), stride);
    EXPECT_EQ(Text(WithOutputStride(resnet, stride)), Text(resnet));
  }
}

TEST(WithOutputStride, RoundTrips) {
  for (const nn::Network& network :
       {MobileNetV1Network(1.0F, 32), ResNetNetwork(SmallResNetShape(), 32), ResNetNetwork(ResNet50Shape(), 32)}) {
    for (const int by_way_of : {4, 8, 16}) {
      const auto derived = WithOutputStride(network, by_way_of);
      ASSERT_THAT(derived, base::Succeeds());
      EXPECT_EQ(OutputStrideOf(*derived), by_way_of);
      EXPECT_EQ(Text(WithOutputStride(*derived, 32)), Text(network)) << by_way_of;
    }
  }
}

TEST(WithOutputStride, NarrowMobileNetsStopAtSixteen) {
  for (const float multiplier : {0.50F, 0.75F}) {
    const nn::Network network = MobileNetV1Network(multiplier, 16);
    EXPECT_THAT(WithOutputStride(network, 32),
                base::FailsWith(ErrorCode::kUnsupported, "output stride 32 is not possible: this network stops at 16"));
    const auto eight = WithOutputStride(network, 8);
    EXPECT_EQ(Text(eight), Text(MobileNetV1Network(multiplier, 8)));
    EXPECT_EQ(Text(WithOutputStride(*eight, 16)), Text(network));
  }
}

// ---- Results ----

nn::ReferenceTensor FirstMap(const nn::Network& network, const nn::TensorMap& weights, int height, int width) {
  std::mt19937 random(3);
  std::vector<float> input(static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * 3);
  for (float& value : input) value = static_cast<float>(random() % 256) / 127.5F - 1.0F;
  auto outputs = nn::ReferenceRun(network, weights, input, {.height = height, .width = width, .channels = 3});
  EXPECT_THAT(outputs, base::Succeeds());
  return outputs ? std::move(outputs->front()) : nn::ReferenceTensor{};
}

// Every cell of `coarse` is also a cell of `fine`, which has `factor` times as many along each axis.
void ExpectSamplesOf(const nn::ReferenceTensor& fine, const nn::ReferenceTensor& coarse, int factor) {
  ASSERT_EQ(fine.shape.height, (coarse.shape.height - 1) * factor + 1);
  ASSERT_EQ(fine.shape.width, (coarse.shape.width - 1) * factor + 1);
  const int channels = coarse.shape.channels;
  float largest = 0.0F;
  for (int y = 0; y < coarse.shape.height; ++y) {
    for (int x = 0; x < coarse.shape.width; ++x) {
      for (int c = 0; c < channels; ++c) {
        const float expected = coarse.values[static_cast<std::size_t>((y * coarse.shape.width + x) * channels + c)];
        const int at = (y * factor * fine.shape.width + x * factor) * channels + c;
        // The same products are added in the same order, but the reference does not guarantee how it rounds.
        EXPECT_NEAR(fine.values[static_cast<std::size_t>(at)], expected, 1e-5F) << y << ", " << x << ", " << c;
        largest = std::max(largest, std::abs(expected));
      }
    }
  }
  EXPECT_GT(largest, 0.1F) << "zeros prove nothing";
}

class DilatedResults : public testing::TestWithParam<std::pair<const char*, nn::Network>> {};

INSTANTIATE_TEST_SUITE_P(Networks, DilatedResults,
                         testing::Values(std::pair{"MobileNet", MobileNetV1Network(1.0F, 32)},
                                         std::pair{"ResNet", ResNetNetwork(SmallResNetShape(), 32)}),
                         [](const auto& instance) { return std::string(instance.param.first); });

TEST_P(DilatedResults, AreTheUndilatedOnesAtMorePlaces) {
  const nn::Network& network = GetParam().second;
  const auto model = RandomModel(network, 5);
  ASSERT_THAT(model, base::Succeeds());
  const nn::ReferenceTensor coarse = FirstMap(network, model->weights, 33, 65);
  for (const int stride : {8, 16}) {
    const auto derived = WithOutputStride(network, stride);
    ASSERT_THAT(derived, base::Succeeds());
    ExpectSamplesOf(FirstMap(*derived, model->weights, 33, 65), coarse, 32 / stride);
  }
}

// TF-slim's dilated ResNets lack the layers of subsampled shortcuts, and have other paddings.
TEST(WithOutputStride, UndoesTheDilationOfOtherTools) {
  const nn::Network coarse = ResNetNetwork(SmallResNetShape(), 32);
  const auto model = RandomModel(coarse, 5);
  ASSERT_THAT(model, base::Succeeds());
  const nn::ReferenceTensor coarse_map = FirstMap(coarse, model->weights, 33, 65);
  for (const int stride : {8, 16}) {
    const nn::Network published = ResNetNetwork(SmallResNetShape(), stride);
    EXPECT_LT(published.layers.size(), coarse.layers.size());
    const auto derived = WithOutputStride(coarse, stride);
    ASSERT_THAT(derived, base::Succeeds());
    ExpectSamplesOf(FirstMap(*derived, model->weights, 33, 65), FirstMap(published, model->weights, 33, 65), 1);
    const auto undone = WithOutputStride(published, 32);
    ASSERT_THAT(undone, base::Succeeds());
    ASSERT_EQ(undone->layers.size(), coarse.layers.size());
    for (std::size_t i = 0; i < coarse.layers.size(); ++i) {
      EXPECT_EQ(undone->layers[i].name, coarse.layers[i].name);
      EXPECT_EQ(undone->layers[i].inputs, coarse.layers[i].inputs);
    }
    ExpectSamplesOf(FirstMap(*undone, model->weights, 33, 65), coarse_map, 1);
  }
}

// ---- Shortcuts of other residual networks ----

// Two units of two 3 x 3 convolutions each (ResNet-18). The first halves the map, with a 1 x 1 projection as its
// shortcut.
nn::Network BasicResNet() {
  nn::Network network;
  network.layers = {{"stem", {0}, SpatialConv(2, 1, "w0")},          // 1
                    {"unit1/conv1", {1}, SpatialConv(2, 1, "w1")},   // 2
                    {"unit1/conv2", {2}, SpatialConv(1, 1, "w2")},   // 3
                    {"unit1/project", {1}, PointwiseConv(2, "w3")},  // 4
                    {"unit1", {4, 3}, nn::Add{nn::Activation::kRelu}},
                    {"unit2/conv1", {5}, SpatialConv(1, 1, "w4")},
                    {"unit2/conv2", {6}, SpatialConv(1, 1, "w5")},
                    {"unit2", {5, 7}, nn::Add{nn::Activation::kNone}},
                    {"head", {8}, PointwiseConv(1, "w6")}};
  network.outputs = {{"heatmap", 9}};
  return network;
}

TEST(WithOutputStride, DilatesAfterProjections) {
  const nn::Network network = BasicResNet();
  const auto derived = WithOutputStride(network, 2);
  ASSERT_THAT(derived, base::Succeeds());
  EXPECT_EQ(WindowAt(*derived, 1).dilation_height, 1);
  EXPECT_EQ(WindowAt(*derived, 2).dilation_height, 2);
  EXPECT_EQ(WindowAt(*derived, 3).stride_height, 1);
  EXPECT_EQ(WindowAt(*derived, 3).dilation_height, 1) << "one cell has nothing to dilate";
  EXPECT_EQ(WindowAt(*derived, 5).dilation_height, 2);
  EXPECT_EQ(Text(WithOutputStride(*derived, 4)), Text(network));
}

TEST(WithOutputStride, ScalesExplicitPadding) {
  nn::Network network;
  network.layers = {{"a", {0}, SpatialConv(2, 1, "w0")}, {"b", {1}, SpatialConv(1, 1, "w1")}};
  auto& window = std::get<nn::Conv2d>(network.layers[1].operation).window;
  window.padding = {.mode = nn::PaddingMode::kExplicit, .top = 1, .bottom = 2, .left = 0, .right = 1};
  network.outputs = {{"heatmap", 2}};
  const auto derived = WithOutputStride(network, 1);
  ASSERT_THAT(derived, base::Succeeds());
  const nn::Padding expected{.mode = nn::PaddingMode::kExplicit, .top = 2, .bottom = 4, .left = 0, .right = 2};
  EXPECT_EQ(WindowAt(*derived, 1).padding, expected);
  EXPECT_EQ(Text(WithOutputStride(*derived, 2)), Text(network));
}

TEST(WithOutputStride, LeavesAxesOfOneCellUndilated) {
  nn::Network network;
  network.layers = {{"a", {0}, SpatialConv(2, 1, "w0")}, {"b", {1}, SpatialConv(1, 1, "w1")}};
  std::get<nn::Conv2d>(network.layers[1].operation).window.kernel_height = 1;
  network.outputs = {{"heatmap", 2}};
  const auto derived = WithOutputStride(network, 1);
  ASSERT_THAT(derived, base::Succeeds());
  EXPECT_EQ(WindowAt(*derived, 1).dilation_height, 1);
  EXPECT_EQ(WindowAt(*derived, 1).dilation_width, 2);
  EXPECT_EQ(Text(WithOutputStride(*derived, 2)), Text(network));
}

// ---- Networks that are refused ----

nn::Network Chain(std::vector<nn::Operation> operations) {
  nn::Network network;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    network.layers.push_back({"layer" + std::to_string(i), {static_cast<int>(i)}, std::move(operations[i])});
  }
  network.outputs = {{"heatmap", static_cast<int>(operations.size())}};
  return network;
}

TEST(WithOutputStride, RefusesStridesThatTheNetworkNeverHas) {
  const nn::Network network = Chain({SpatialConv(2, 1, "a"), SpatialConv(4, 1, "b"), SpatialConv(1, 1, "c")});
  EXPECT_THAT(WithOutputStride(network, 4),
              base::FailsWith(ErrorCode::kUnsupported, "layer1: changes the output stride from 2 to 8"));
  EXPECT_THAT(WithOutputStride(network, 3), base::FailsWith(ErrorCode::kUnsupported, "the network never has 3"));
  EXPECT_THAT(WithOutputStride(network, 16), base::FailsWith(ErrorCode::kUnsupported, "this network stops at 8"));
  EXPECT_THAT(WithOutputStride(network, 0), base::FailsWith(ErrorCode::kInvalidArgument, "at least 1"));
  EXPECT_THAT(WithOutputStride(network, -8), base::FailsWith(ErrorCode::kInvalidArgument, "at least 1"));
}

TEST(WithOutputStride, RefusesDilatedPools) {
  nn::Pool pool;
  pool.window.kernel_height = 3;
  pool.window.kernel_width = 3;
  const nn::Network network = Chain({SpatialConv(2, 1, "a"), pool});
  EXPECT_THAT(WithOutputStride(network, 1),
              base::FailsWith(ErrorCode::kUnsupported, "layer1: would be a dilated pool"));
}

TEST(WithOutputStride, RefusesDilationThatNoStrideExplains) {
  EXPECT_THAT(WithOutputStride(Chain({SpatialConv(2, 2, "a")}), 1),
              base::FailsWith(ErrorCode::kUnsupported, "the first layer is dilated by 2"));
  EXPECT_THAT(WithOutputStride(Chain({SpatialConv(2, 1, "a"), SpatialConv(1, 2, "b")}), 1),
              base::FailsWith(ErrorCode::kUnsupported, "layer0: has stride 2 between values dilated by 1 and 2"));
  EXPECT_THAT(
      WithOutputStride(
          Chain({SpatialConv(2, 1, "a"), SpatialConv(1, 1, "b"), SpatialConv(1, 2, "c"), SpatialConv(1, 3, "d")}), 1),
      base::FailsWith(ErrorCode::kUnsupported, "layer2: has stride 1 between values dilated by 2 and 3"));
  EXPECT_THAT(WithOutputStride(Chain({SpatialConv(1, 1, "a"), SpatialConv(2, 2, "b")}), 1),
              base::FailsWith(ErrorCode::kUnsupported, "layer1: has stride 2 between values dilated by 2 and 2"));
  nn::Network network = Chain({SpatialConv(1, 1, "a"), SpatialConv(1, 2, "b"), SpatialConv(1, 4, "c")});
  network.layers[2].inputs = {1};
  EXPECT_THAT(WithOutputStride(network, 2),
              base::FailsWith(ErrorCode::kUnsupported, "layer1: is dilated by 2, but another"));
}

TEST(WithOutputStride, RefusesWindowsThatDifferByAxis) {
  nn::Conv2d conv = SpatialConv(1, 1, "b");
  conv.window.kernel_width = 5;  // A square kernel would be repaired to the larger dilation.
  conv.window.dilation_width = 2;
  EXPECT_THAT(WithOutputStride(Chain({SpatialConv(2, 1, "a"), conv}), 1),
              base::FailsWith(ErrorCode::kUnsupported, "layer1: is dilated by 1 rows and 2 columns"));
  conv = SpatialConv(1, 1, "b");
  conv.window.stride_width = 2;
  EXPECT_THAT(OutputStrideOf(Chain({conv})), base::FailsWith(ErrorCode::kUnsupported, "layer0: moves by 1 rows and 2"));
}

TEST(WithOutputStride, RefusesPaddingThatDoesNotDivide) {
  nn::Conv2d conv = SpatialConv(1, 2, "b");
  conv.window.padding = {.mode = nn::PaddingMode::kExplicit, .top = 1, .bottom = 1, .left = 1, .right = 1};
  EXPECT_THAT(WithOutputStride(Chain({SpatialConv(2, 1, "a"), SpatialConv(1, 1, "b"), conv}), 1),
              base::FailsWith(ErrorCode::kUnsupported, "layer2: padding 1 of a window of dilation 2"));
}

TEST(WithOutputStride, RefusesLayersOverWholeImages) {
  nn::Network network = Chain({SpatialConv(2, 1, "a"), SpatialConv(2, 1, "b")});
  network.layers.push_back({"mean", {2}, nn::GlobalAveragePool{}});
  network.outputs.push_back({"pose", 3});
  EXPECT_EQ(OutputStrideOf(network), 4);
  EXPECT_EQ(Text(WithOutputStride(network, 4)), Text(network));
  EXPECT_THAT(WithOutputStride(network, 2), base::FailsWith(ErrorCode::kUnsupported, "whole images"));
}

TEST(WithOutputStride, RefusesNetworksThatUpsample) {
  const nn::Network network = Chain({SpatialConv(4, 1, "a"), nn::Upsample{2}});
  EXPECT_EQ(Text(WithOutputStride(network, 2)), Text(network));
  EXPECT_THAT(WithOutputStride(network, 1), base::FailsWith(ErrorCode::kUnsupported, "upsample run only at their own"));
}

// ---- OutputStrideOf ----

TEST(OutputStrideOf, IsTheProductOfStrides) {
  EXPECT_EQ(OutputStrideOf(Chain({SpatialConv(2, 1, "a"), PointwiseConv(3, "b")})), 6);
  EXPECT_EQ(OutputStrideOf(BasicResNet()), 4);
  EXPECT_EQ(OutputStrideOf(MobileNetV1Network(0.5F, 16)), 16);
}

TEST(OutputStrideOf, RefusesPathsOfDifferentStride) {
  nn::Network network = BasicResNet();
  std::get<nn::Conv2d>(network.layers[3].operation).window.stride_height = 1;
  std::get<nn::Conv2d>(network.layers[3].operation).window.stride_width = 1;
  EXPECT_THAT(OutputStrideOf(network),
              base::FailsWith(ErrorCode::kUnsupported, "unit1: joins values of output strides 2 and 4"));
}

TEST(OutputStrideOf, RefusesOutputsThatAreNotMaps) {
  EXPECT_THAT(OutputStrideOf(Chain({SpatialConv(2, 1, "a"), nn::GlobalAveragePool{}})),
              base::FailsWith(ErrorCode::kUnsupported, "heatmap is not a map"));
}

TEST(OutputStrideOf, FallsByUpsampling) {
  const nn::Network network =
      Chain({SpatialConv(2, 1, "a"), SpatialConv(4, 1, "b"), nn::Upsample{2}, SpatialConv(3, 1, "c")});
  EXPECT_EQ(OutputStrideOf(network), 12);
  EXPECT_EQ(CoarsestStrideOf(Chain({SpatialConv(6, 1, "a"), nn::Upsample{3}})), 6);
  EXPECT_THAT(OutputStrideOf(Chain({SpatialConv(3, 1, "a"), nn::Upsample{2}})),
              base::FailsWith(ErrorCode::kUnsupported, "enlarges a value of output stride 3"));
}

TEST(OutputStrideOf, BoundsTheProduct) {
  EXPECT_THAT(OutputStrideOf(Chain({PointwiseConv(30'000, "a"), PointwiseConv(30'000, "b"), PointwiseConv(9, "c")})),
              base::FailsWith(ErrorCode::kUnsupported, "output stride above"));
}

TEST(OutputStrideOf, RefusesInvalidNetworks) {
  nn::Network network = BasicResNet();
  network.layers[0].inputs = {5};
  EXPECT_THAT(OutputStrideOf(network), base::FailsWith(ErrorCode::kInvalidArgument, "layer stem"));
  EXPECT_THAT(WithOutputStride(network, 2), base::FailsWith(ErrorCode::kInvalidArgument, "layer stem"));
}

}  // namespace
}  // namespace posenet::model

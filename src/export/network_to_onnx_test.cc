// SPDX-License-Identifier: Apache-2.0
// The nodes of each operation. tests/parity checks that they compute the same as our engine.
#include "export/network_to_onnx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "export/testing/onnx_reader.h"
#include "nn/testing/random_network.h"

namespace posenet::exporter {
namespace {

using nn::Activation;
using nn::PaddingMode;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr int kChannels = 4;

// A network that is built layer by layer; the last value is its output, named "result".
class NetworkToOnnxTest : public ::testing::Test {
 protected:
  Result<base::ProtoMessage> Write(const OnnxOptions& options = {}) {
    if (net_.network().outputs.empty()) {
      net_.network().outputs = {{"result", static_cast<int>(net_.network().layers.size())}};
    }
    return NetworkToOnnx("test", net_.network(), net_.Tensors(), options);
  }

  TestOnnx WriteOrFail(const OnnxOptions& options = {}) {
    auto graph = Write(options);
    EXPECT_TRUE(graph.has_value()) << graph.error().message;
    if (!graph) return {};
    return ParseOnnx(base::ProtoMessage().AddMessage(7, *std::move(graph)).Encoded());
  }

  // The node of a network of one operation.
  TestNode NodeOf(nn::Operation operation, const OnnxOptions& options = {}) {
    net_.AddOther({0}, std::move(operation));
    return WriteOrFail(options).NodeOf("result");
  }

  static nn::Conv2d Conv(const nn::Window& window, int groups = 1, Activation activation = Activation::kNone) {
    return {.window = window, .out_channels = 8, .groups = groups, .weights = {}, .bias = {}, .activation = activation};
  }

  static OnnxOptions Sized(int height_px, int width_px) {
    return {.size = OnnxInputSize{.height_px = height_px, .width_px = width_px}};
  }

  nn::TestNetwork net_{kChannels};
};

constexpr nn::Window kSame3x3Stride2{3, 3, 2, 2, 1, 1, {}};

TEST_F(NetworkToOnnxTest, ConvolutionsHaveWindowsGroupsAndBias) {
  net_.AddConv(0, Conv({3, 5, 1, 2, 2, 1, {PaddingMode::kExplicit, 1, 2, 3, 4}}, 2));
  const TestOnnx onnx = WriteOrFail();
  const TestNode node = onnx.NodeOf("result");
  EXPECT_EQ(node.op_type, "Conv");
  EXPECT_EQ(node.name, "layer0");
  EXPECT_THAT(node.inputs, ElementsAre("input", "tensor0", "tensor1"));
  EXPECT_THAT(node.attributes,
              UnorderedElementsAre(Pair("kernel_shape", "[3, 5]"), Pair("strides", "[1, 2]"),
                                   Pair("dilations", "[2, 1]"), Pair("group", "2"), Pair("pads", "[1, 3, 2, 4]")));
  EXPECT_THAT(onnx.constants.at("tensor1").shape, ElementsAre(8));
}

TEST_F(NetworkToOnnxTest, ConvolutionWeightsAreOihw) {
  net_.AddConv(0, Conv({2, 3, 1, 1, 1, 1, {}}, 2));
  const TestTensor weights = WriteOrFail().constants.at("tensor0");
  ASSERT_THAT(weights.shape, ElementsAre(8, 2, 2, 3));
  const nn::TensorMap tensors = net_.Tensors();
  const std::vector<float> hwio = nn::ToFloat(tensors.at("tensor0")).value_or(std::vector<float>());
  ASSERT_EQ(weights.floats.size(), hwio.size());
  const auto at = [](std::size_t a, std::size_t b, std::size_t b_size, std::size_t c, std::size_t c_size, std::size_t d,
                     std::size_t d_size) { return ((a * b_size + b) * c_size + c) * d_size + d; };
  for (std::size_t o = 0; o < 8; ++o) {
    for (std::size_t i = 0; i < 2; ++i) {
      for (std::size_t y = 0; y < 2; ++y) {
        for (std::size_t x = 0; x < 3; ++x) {
          EXPECT_EQ(weights.floats[at(o, i, 2, y, 2, x, 3)], hwio[at(y, x, 3, i, 2, o, 8)]);
        }
      }
    }
  }
}

TEST_F(NetworkToOnnxTest, ConvolutionsMayHaveNoBias) {
  net_.AddConv(0, Conv({}));
  std::get<nn::Conv2d>(net_.network().layers[0].operation).bias.clear();
  EXPECT_THAT(WriteOrFail().NodeOf("result").inputs, ElementsAre("input", "tensor0"));
}

TEST_F(NetworkToOnnxTest, RefusesInt8Weights) {
  net_.AddConv(0, Conv({}));
  std::get<nn::Conv2d>(net_.network().layers[0].operation).weight_scales = "tensor1";
  EXPECT_THAT(Write(), base::FailsWith(ErrorCode::kUnsupported, "layer layer0: has int8 weights"));
}

TEST_F(NetworkToOnnxTest, LayersMayShareATensor) {
  const int first = net_.AddConv(0, Conv({}));
  net_.AddConv(0, Conv({}));
  net_.network().layers[1].operation = net_.network().layers[0].operation;
  net_.AddOther({first, first + 1}, nn::Add{});
  EXPECT_THAT(WriteOrFail().constants, SizeIs(2));
}

TEST_F(NetworkToOnnxTest, PaddingForAnySizeIsLeftToTheRuntime) {
  net_.AddConv(0, Conv(kSame3x3Stride2));
  const TestNode node = WriteOrFail().NodeOf("result");
  EXPECT_EQ(node.attributes.at("auto_pad"), "SAME_UPPER");
  EXPECT_FALSE(node.attributes.contains("pads"));
}

TEST_F(NetworkToOnnxTest, PaddingForAFixedSizeIsExplicit) {
  net_.AddConv(0, Conv(kSame3x3Stride2));
  const TestNode node = WriteOrFail(Sized(64, 65)).NodeOf("result");
  EXPECT_EQ(node.attributes.at("pads"), "[0, 1, 1, 1]");
  EXPECT_FALSE(node.attributes.contains("auto_pad"));
}

TEST_F(NetworkToOnnxTest, PaddingThatIsIndependentOfTheSizeIsExplicit) {
  const auto pads = [&](const nn::Window& window) {
    net_ = nn::TestNetwork(kChannels);
    net_.AddConv(0, Conv(window));
    return WriteOrFail().NodeOf("result").attributes.at("pads");
  };
  EXPECT_EQ(pads({3, 4, 1, 1, 1, 2, {}}), "[1, 3, 1, 3]");
  EXPECT_EQ(pads({2, 2, 1, 1, 1, 1, {}}), "[0, 0, 1, 1]");
  EXPECT_EQ(pads({1, 1, 2, 2, 3, 3, {}}), "[0, 0, 0, 0]");
  EXPECT_EQ(pads({3, 3, 2, 2, 2, 2, {PaddingMode::kValid}}), "[0, 0, 0, 0]");
}

TEST_F(NetworkToOnnxTest, StridedAndDilatedPaddingNeedsASize) {
  net_.AddConv(0, Conv({3, 3, 2, 2, 2, 2, {}}));
  EXPECT_THAT(Write(),
              base::FailsWith(ErrorCode::kUnsupported, "layer layer0: the padding of a strided and dilated window"));
  EXPECT_EQ(WriteOrFail(Sized(64, 65)).NodeOf("result").attributes.at("pads"), "[1, 2, 2, 2]");
}

TEST_F(NetworkToOnnxTest, MaxPools) {
  const TestNode node = NodeOf(nn::Pool{.kind = nn::PoolKind::kMax, .window = {3, 2, 2, 1, 1, 1, {}}}, Sized(8, 8));
  EXPECT_EQ(node.op_type, "MaxPool");
  EXPECT_THAT(node.attributes, UnorderedElementsAre(Pair("kernel_shape", "[3, 2]"), Pair("strides", "[2, 1]"),
                                                    Pair("pads", "[0, 0, 1, 1]")));
}

TEST_F(NetworkToOnnxTest, AveragePoolsDoNotCountThePadding) {
  const TestNode node = NodeOf(nn::Pool{.kind = nn::PoolKind::kAverage, .window = kSame3x3Stride2});
  EXPECT_EQ(node.op_type, "AveragePool");
  EXPECT_THAT(node.attributes, UnorderedElementsAre(Pair("kernel_shape", "[3, 3]"), Pair("strides", "[2, 2]"),
                                                    Pair("auto_pad", "SAME_UPPER"), Pair("count_include_pad", "0")));
}

TEST_F(NetworkToOnnxTest, GlobalAveragePools) {
  const TestNode node = NodeOf(nn::GlobalAveragePool{});
  EXPECT_EQ(node.op_type, "GlobalAveragePool");
  EXPECT_THAT(node.inputs, ElementsAre("input"));
}

TEST_F(NetworkToOnnxTest, SumsTakeAnyNumberOfValues) {
  const int relu = net_.AddOther({0}, nn::Activate{Activation::kRelu});
  net_.AddOther({relu, 0}, nn::Add{});
  net_.AddOther({relu, 0, relu}, nn::Add{Activation::kRelu});
  const TestOnnx onnx = WriteOrFail();
  EXPECT_EQ(onnx.NodeOf("layer1").op_type, "Add");
  EXPECT_THAT(onnx.NodeOf("layer1").inputs, ElementsAre("layer0", "input"));
  EXPECT_EQ(onnx.NodeOf("result/linear").op_type, "Sum");
  EXPECT_THAT(onnx.NodeOf("result/linear").inputs, ElementsAre("layer0", "input", "layer0"));
  EXPECT_EQ(onnx.NodeOf("result").op_type, "Relu");
}

TEST_F(NetworkToOnnxTest, ConcatJoinsChannels) {
  net_.AddOther({0, 0}, nn::Concat{});
  const TestOnnx onnx = WriteOrFail();
  EXPECT_EQ(onnx.NodeOf("result").op_type, "Concat");
  EXPECT_THAT(onnx.NodeOf("result").attributes, UnorderedElementsAre(Pair("axis", "1")));
  EXPECT_EQ(onnx.outputs.at("result"), "[1, 8, result_height, result_width]");
}

TEST_F(NetworkToOnnxTest, ActivationsAreNodesAfterTheOperation) {
  const auto node_of = [&](Activation activation) {
    net_ = nn::TestNetwork(kChannels);
    net_.AddConv(0, Conv({}, 1, activation));
    const TestOnnx onnx = WriteOrFail();
    EXPECT_THAT(onnx.NodeOf("result").inputs.front(), onnx.NodeOf("result/linear").output);
    EXPECT_EQ(onnx.NodeOf("result/linear").op_type, "Conv");
    return onnx.NodeOf("result").op_type;
  };
  EXPECT_EQ(node_of(Activation::kRelu), "Relu");
  EXPECT_EQ(node_of(Activation::kRelu6), "Clip");
  EXPECT_EQ(node_of(Activation::kSigmoid), "Sigmoid");
}

TEST_F(NetworkToOnnxTest, Relu6IsAClipFrom0To6) {
  net_.AddOther({net_.AddOther({0}, nn::Activate{Activation::kRelu6})}, nn::Activate{Activation::kRelu6});
  const TestOnnx onnx = WriteOrFail();
  EXPECT_THAT(onnx.nodes, SizeIs(2));
  EXPECT_THAT(onnx.NodeOf("result").inputs, ElementsAre("layer0", "constant_0", "constant_6"));
  EXPECT_THAT(onnx.constants.at("constant_0").floats, ElementsAre(0.0F));
  EXPECT_THAT(onnx.constants.at("constant_6").floats, ElementsAre(6.0F));
  EXPECT_THAT(onnx.constants.at("constant_6").shape, IsEmpty());
}

TEST_F(NetworkToOnnxTest, NoActivationIsTheIdentity) {
  EXPECT_EQ(NodeOf(nn::Activate{Activation::kNone}).op_type, "Identity");
}

TEST_F(NetworkToOnnxTest, FullyConnectedLayersReadChannelsFirst) {
  net_.AddFullyConnected(0, {.out_channels = 5, .weights = {}, .bias = {}}, 2 * 3 * kChannels);
  const TestOnnx onnx = WriteOrFail(Sized(2, 3));
  EXPECT_EQ(onnx.outputs.at("result"), "[1, 5]");
  const TestNode node = onnx.NodeOf("result");
  EXPECT_EQ(node.op_type, "Gemm");
  EXPECT_THAT(node.inputs, ElementsAre("input/flat", "tensor0", "tensor1"));
  EXPECT_EQ(onnx.NodeOf("input/flat").op_type, "Flatten");
  EXPECT_THAT(onnx.NodeOf("input/flat").attributes, UnorderedElementsAre(Pair("axis", "1")));
  const TestTensor weights = onnx.constants.at("tensor0");
  ASSERT_THAT(weights.shape, ElementsAre(24, 5));
  const nn::TensorMap tensors = net_.Tensors();
  const std::vector<float> rows = nn::ToFloat(tensors.at("tensor0")).value_or(std::vector<float>());
  ASSERT_EQ(weights.floats.size(), rows.size());
  for (std::size_t cell = 0; cell < 6; ++cell) {
    for (std::size_t c = 0; c < kChannels; ++c) {
      for (std::size_t o = 0; o < 5; ++o) {
        EXPECT_EQ(weights.floats[(c * 6 + cell) * 5 + o], rows[(cell * kChannels + c) * 5 + o]);
      }
    }
  }
}

TEST_F(NetworkToOnnxTest, FullyConnectedLayersOnMapsNeedASize) {
  net_.AddFullyConnected(0, {.out_channels = 5, .weights = {}, .bias = {}}, 2 * 3 * kChannels);
  EXPECT_THAT(Write(), base::FailsWith(ErrorCode::kUnsupported, "reads 6 cells"));
  EXPECT_THAT(Write(Sized(2, 4)), base::FailsWith(ErrorCode::kInvalidArgument, "tensor0 has 24 rows; expected 32"));
}

TEST_F(NetworkToOnnxTest, ClassifiersNeedNoSize) {
  const int mean = net_.AddOther({0}, nn::GlobalAveragePool{});
  const int hidden = net_.AddFullyConnected(
      mean, {.out_channels = 6, .weights = {}, .bias = {}, .activation = Activation::kRelu}, kChannels);
  net_.AddFullyConnected(hidden, {.out_channels = 2, .weights = {}, .bias = {}}, 6);
  std::get<nn::FullyConnected>(net_.network().layers[2].operation).bias.clear();
  const TestOnnx onnx = WriteOrFail();
  EXPECT_THAT(onnx.NodeOf("result").inputs, ElementsAre("layer1", "tensor2"));
  EXPECT_THAT(onnx.NodeOf("layer1/linear").inputs, ElementsAre("layer0/flat", "tensor0", "tensor1"));
}

TEST_F(NetworkToOnnxTest, FlatValuesBecomeMapsForOperationsOnMaps) {
  const int mean = net_.AddOther({0}, nn::GlobalAveragePool{});
  const int flat = net_.AddFullyConnected(mean, {.out_channels = kChannels, .weights = {}, .bias = {}}, kChannels);
  const int flat_sum = net_.AddOther({flat, flat}, nn::Add{});
  const int sum = net_.AddOther({flat, mean}, nn::Add{});
  const int conv = net_.AddConv(flat, Conv({}));
  net_.network().outputs = {{"flat_sum", flat_sum}, {"sum", sum}, {"conv", conv}};
  const TestOnnx onnx = WriteOrFail(Sized(5, 5));
  EXPECT_THAT(onnx.NodeOf("flat_sum").inputs, ElementsAre("layer1", "layer1"));
  EXPECT_THAT(onnx.NodeOf("sum").inputs, ElementsAre("layer1/map", "layer0"));
  EXPECT_EQ(onnx.NodeOf("conv").inputs.front(), "layer1/map");
  EXPECT_EQ(onnx.NodeOf("layer1/map").op_type, "Unsqueeze");
  EXPECT_THAT(onnx.constants.at(onnx.NodeOf("layer1/map").inputs.back()).integers, ElementsAre(2, 3));
  EXPECT_THAT(onnx.outputs, UnorderedElementsAre(Pair("flat_sum", "[1, 4]"), Pair("sum", "[1, 4, 1, 1]"),
                                                 Pair("conv", "[1, 8, 1, 1]")));
}

TEST_F(NetworkToOnnxTest, LocalResponseNormsHaveTheirParameters) {
  const TestNode node = NodeOf(nn::LocalResponseNorm{.size = 3, .alpha = 0.5F, .beta = 0.25F, .k = 2.0F});
  EXPECT_EQ(node.op_type, "LRN");
  EXPECT_THAT(node.attributes,
              UnorderedElementsAre(Pair("size", "3"), Pair("alpha", "0.5"), Pair("beta", "0.25"), Pair("bias", "2")));
}

TEST_F(NetworkToOnnxTest, UpsamplingIsLinearWithHalfPixelCenters) {
  net_.AddOther({0}, nn::Upsample{3});
  const TestOnnx onnx = WriteOrFail();
  const TestNode node = onnx.NodeOf("result");
  EXPECT_EQ(node.op_type, "Resize");
  EXPECT_THAT(node.inputs, ElementsAre("input", "", "upsample_3_scales"));
  EXPECT_THAT(onnx.constants.at("upsample_3_scales").floats, ElementsAre(1.0F, 1.0F, 3.0F, 3.0F));
  EXPECT_THAT(node.attributes,
              UnorderedElementsAre(Pair("mode", "linear"), Pair("coordinate_transformation_mode", "half_pixel")));
}

TEST_F(NetworkToOnnxTest, DropoutIsLeftOut) {
  const int value = net_.AddOther({net_.AddOther({0}, nn::Activate{Activation::kRelu})}, nn::Dropout{0.5F});
  net_.AddOther({value}, nn::Activate{Activation::kSigmoid});
  net_.network().outputs = {{"result", 3}, {"dropped", value}};
  const TestOnnx onnx = WriteOrFail();
  EXPECT_THAT(onnx.nodes, SizeIs(3));
  EXPECT_THAT(onnx.NodeOf("result").inputs, ElementsAre("layer0"));
  EXPECT_EQ(onnx.NodeOf("dropped").op_type, "Identity");
}

TEST_F(NetworkToOnnxTest, PoolsAreRoundedUp) {
  const nn::Pool pool = {nn::PoolKind::kMax, {3, 3, 2, 2, 1, 1, {PaddingMode::kRoundUp, 1, 1, 0, 0}}};
  net_.AddOther({0}, pool);
  EXPECT_THAT(WriteOrFail().NodeOf("result").attributes,
              UnorderedElementsAre(Pair("kernel_shape", "[3, 3]"), Pair("strides", "[2, 2]"), Pair("ceil_mode", "1"),
                                   Pair("pads", "[1, 0, 1, 0]")));
  // With a fixed size, the extent of the windows is known.
  EXPECT_THAT(
      WriteOrFail(Sized(7, 8)).NodeOf("result").attributes,
      UnorderedElementsAre(Pair("kernel_shape", "[3, 3]"), Pair("strides", "[2, 2]"), Pair("pads", "[1, 0, 1, 1]")));
}

TEST_F(NetworkToOnnxTest, PoolsThatMayLeaveOutWindowsNeedASize) {
  net_.AddOther({0}, nn::Pool{nn::PoolKind::kMax, {3, 3, 3, 3, 1, 1, {PaddingMode::kRoundUp, 1, 1, 1, 1}}});
  EXPECT_THAT(Write(), base::FailsWith(ErrorCode::kUnsupported, "expected a fixed size"));
  EXPECT_TRUE(Write(Sized(8, 8)).has_value());
}

TEST_F(NetworkToOnnxTest, LstmGatesAreInOnnxsOrder) {
  net_.AddLstm(net_.AddOther({0}, nn::GlobalAveragePool{}), {3, nn::Scan::kColumns, nn::ScanDirection::kReverse, 2}, 2);
  const TestOnnx onnx = WriteOrFail();
  EXPECT_EQ(onnx.outputs.at("result"), "[1, 3]");
  EXPECT_EQ(onnx.NodeOf("result").op_type, "Squeeze");
  const TestNode lstm = onnx.NodeOf("layer1/state");
  EXPECT_EQ(lstm.op_type, "LSTM");
  EXPECT_THAT(lstm.attributes, UnorderedElementsAre(Pair("hidden_size", "3"), Pair("direction", "reverse")));
  ASSERT_THAT(lstm.inputs, SizeIs(4));
  EXPECT_THAT(onnx.NodeOf(lstm.inputs[0]).attributes, UnorderedElementsAre(Pair("perm", "[2, 0, 1]")));
  const TestTensor weights = onnx.constants.at(lstm.inputs[1]);
  EXPECT_THAT(weights.shape, ElementsAre(1, 12, 2));
  const nn::TensorMap tensors = net_.Tensors();
  const std::vector<float> rows = nn::ToFloat(tensors.at("tensor0")).value_or(std::vector<float>());
  constexpr std::size_t kOrder[] = {0, 3, 1, 2};  // From our order i, f, g, o to ONNX's i, o, f, g.
  for (std::size_t gate = 0; gate < 4; ++gate) {
    for (std::size_t unit = 0; unit < 3; ++unit) {
      EXPECT_EQ(weights.floats[(gate * 3 + unit) * 2 + 1], rows[12 + kOrder[gate] * 3 + unit]);
    }
  }
  EXPECT_THAT(onnx.constants.at(lstm.inputs[2]).shape, ElementsAre(1, 12, 3));
  EXPECT_THAT(onnx.constants.at(lstm.inputs[3]).shape, ElementsAre(1, 24));
}

TEST_F(NetworkToOnnxTest, LstmsOverTheBatchLeaveItsSizeOpen) {
  const int mean = net_.AddOther({0}, nn::GlobalAveragePool{});
  net_.AddLstm(mean, {3, nn::Scan::kBatch, nn::ScanDirection::kForward, 0}, kChannels);
  const TestOnnx onnx = WriteOrFail();
  EXPECT_EQ(onnx.inputs.at("input"), "[frames, 4, height, width]");
  EXPECT_EQ(onnx.outputs.at("result"), "[frames, 3]");
}

TEST_F(NetworkToOnnxTest, ShapesAreOpenOrFixed) {
  net_.AddConv(0, Conv(kSame3x3Stride2));
  const TestOnnx open = WriteOrFail();
  EXPECT_THAT(open.inputs, UnorderedElementsAre(Pair("input", "[1, 4, height, width]")));
  EXPECT_THAT(open.outputs, UnorderedElementsAre(Pair("result", "[1, 8, result_height, result_width]")));
  const TestOnnx fixed = WriteOrFail(Sized(64, 33));
  EXPECT_THAT(fixed.inputs, UnorderedElementsAre(Pair("input", "[1, 4, 64, 33]")));
  EXPECT_THAT(fixed.outputs, UnorderedElementsAre(Pair("result", "[1, 8, 32, 17]")));
}

TEST_F(NetworkToOnnxTest, ValuesHaveUniqueNames) {
  net_.AddConv(0, Conv({}));
  net_.AddConv(1, Conv({}));
  net_.AddConv(2, Conv({}));
  net_.AddConv(3, Conv({}));
  net_.AddConv(4, Conv({}));
  for (const std::size_t i : {0U, 1U}) net_.network().layers[i].name = "twin";
  net_.network().layers[2].name = "";
  net_.network().layers[3].name = "result";
  const TestOnnx onnx = WriteOrFail();
  std::vector<std::string> values;
  std::vector<std::string> nodes;
  for (const TestNode& node : onnx.nodes) {
    values.push_back(node.output);
    nodes.push_back(node.name);
  }
  EXPECT_THAT(values, ElementsAre("twin", "twin_2", "value_3", "result_2", "result"));
  EXPECT_THAT(nodes, ElementsAre("twin", "twin_2", "", "result", "layer4"));
}

TEST_F(NetworkToOnnxTest, OutputsMayBeOneValueOrTheInput) {
  const int value = net_.AddOther({0}, nn::Activate{Activation::kRelu});
  net_.network().outputs = {{"first", value}, {"second", value}, {"third", 0}};
  const TestOnnx onnx = WriteOrFail();
  EXPECT_EQ(onnx.NodeOf("first").op_type, "Relu");
  EXPECT_EQ(onnx.NodeOf("second").op_type, "Identity");
  EXPECT_THAT(onnx.NodeOf("second").inputs, ElementsAre("first"));
  EXPECT_THAT(onnx.NodeOf("third").inputs, ElementsAre("input"));
}

TEST_F(NetworkToOnnxTest, RefusesOutputsWithoutAUniqueName) {
  const int value = net_.AddOther({0}, nn::Activate{Activation::kRelu});
  net_.network().outputs = {{"input", value}};
  EXPECT_THAT(Write(), base::FailsWith(ErrorCode::kInvalidArgument, "two values are named input"));
  net_.network().outputs = {{"twin", value}, {"twin", 0}};
  EXPECT_THAT(Write(), base::FailsWith(ErrorCode::kInvalidArgument, "two values are named twin"));
  net_.network().outputs = {{"", value}};
  EXPECT_THAT(Write(), base::FailsWith(ErrorCode::kInvalidArgument, "expected a name of 1 to 1000 printable bytes"));
}

TEST_F(NetworkToOnnxTest, RefusesSizesThatDoNotFit) {
  net_.AddConv(0, Conv({5, 5, 1, 1, 1, 1, {PaddingMode::kValid}}));
  EXPECT_THAT(Write(Sized(4, 8)), base::FailsWith(ErrorCode::kInvalidArgument, "layer layer0"));
}

}  // namespace
}  // namespace posenet::exporter

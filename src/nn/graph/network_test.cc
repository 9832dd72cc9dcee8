// SPDX-License-Identifier: Apache-2.0
#include "nn/graph/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "nn/graph/operation_count.h"
#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kHuge = std::numeric_limits<int>::max();

Network OneLayer(Operation operation, int input_channels = 3, std::vector<int> inputs = {0}) {
  return {input_channels, {{"the layer", std::move(inputs), std::move(operation)}}, {{"out", 1}}};
}

Shape ShapeAfter(const Operation& operation, const Shape& input) {
  const auto shapes = InferShapes(OneLayer(operation, input.channels), input);
  if (!shapes) {
    ADD_FAILURE() << shapes.error().message;
    return {0, 0, 0, 0};
  }
  return shapes->back();
}

void ExpectError(const Network& network, const Shape& input, ErrorCode code, const char* message) {
  const auto shapes = InferShapes(network, input);
  ASSERT_FALSE(shapes.has_value());
  EXPECT_EQ(shapes.error().code, code) << shapes.error().message;
  EXPECT_THAT(shapes.error().message, HasSubstr(message));
}

TEST(InferShapesTest, SamePaddingRoundsUp) {
  EXPECT_EQ(ShapeAfter(Conv(SquareWindow(3, 2), 32), {1, 257, 353, 3}), (Shape{1, 129, 177, 32}));
  EXPECT_EQ(ShapeAfter(Conv(SquareWindow(3, 1, 2), 8), {2, 17, 1, 3}), (Shape{2, 17, 1, 8}));
  EXPECT_EQ(ShapeAfter(Conv(SquareWindow(1, 2), 8), {1, 4, 5, 3}), (Shape{1, 2, 3, 8}));
}

TEST(InferShapesTest, ValidAndExplicitPadding) {
  const Padding valid = {PaddingMode::kValid};
  EXPECT_EQ(ShapeAfter(Conv(SquareWindow(3, 2, 1, valid), 4), {1, 8, 7, 3}), (Shape{1, 3, 3, 4}));
  EXPECT_EQ(ShapeAfter(Conv(SquareWindow(3, 1, 2, valid), 4), {1, 8, 5, 3}), (Shape{1, 4, 1, 4}));
  const Padding explicit_padding = {PaddingMode::kExplicit, 3, 3, 2, 1};
  EXPECT_EQ(ShapeAfter(Conv(SquareWindow(7, 2, 1, explicit_padding), 4), {1, 224, 224, 3}), (Shape{1, 112, 111, 4}));
}

TEST(InferShapesTest, OtherLayers) {
  EXPECT_EQ(ShapeAfter(Pool{PoolKind::kMax, SquareWindow(3, 2)}, {2, 9, 8, 5}), (Shape{2, 5, 4, 5}));
  EXPECT_EQ(ShapeAfter(GlobalAveragePool{}, {2, 9, 8, 5}), (Shape{2, 1, 1, 5}));
  EXPECT_EQ(ShapeAfter(FullyConnected{7, "w", "b"}, {2, 9, 8, 5}), (Shape{2, 1, 1, 7}));
  EXPECT_EQ(ShapeAfter(Activate{Activation::kSigmoid}, {2, 9, 8, 5}), (Shape{2, 9, 8, 5}));
  EXPECT_EQ(ShapeAfter(Upsample{3}, {2, 9, 8, 5}), (Shape{2, 27, 24, 5}));

  Network joined = {
      3,
      {{"conv", {0}, Conv(SquareWindow(1, 1), 5)}, {"concat", {0, 1, 0}, Concat{}}, {"add", {2, 2}, Add{}}},
      {{"out", 3}}};
  const auto shapes = InferShapes(joined, {1, 4, 6, 3});
  ASSERT_TRUE(shapes.has_value()) << shapes.error().message;
  EXPECT_THAT(*shapes, ElementsAre(Shape{1, 4, 6, 3}, Shape{1, 4, 6, 5}, Shape{1, 4, 6, 11}, Shape{1, 4, 6, 11}));
}

TEST(InferShapesTest, RefusesParametersOutOfRange) {
  const Shape input = {1, 8, 8, 3};
  for (const Window& window :
       {SquareWindow(0, 1), SquareWindow(3, 0), SquareWindow(3, 1, 0), SquareWindow(-3, 1), SquareWindow(kHuge, 1),
        SquareWindow(3, kHuge), SquareWindow(3, 1, kHuge), SquareWindow(kHuge, kHuge, kHuge),
        SquareWindow(3, 1, 1, {PaddingMode::kExplicit, -1}), SquareWindow(3, 1, 1, {PaddingMode::kExplicit, 3}),
        SquareWindow(3, 1, 1, {PaddingMode::kExplicit, 0, 0, 0, kHuge}),
        SquareWindow(9, 1, 1, {PaddingMode::kValid})}) {
    ExpectError(OneLayer(Conv(window, 4)), input, ErrorCode::kInvalidArgument, "layer the layer: ");
    ExpectError(OneLayer(Pool{PoolKind::kMax, window}), input, ErrorCode::kInvalidArgument, "layer the layer: ");
  }
  for (const Conv2d& conv : {Conv(SquareWindow(3, 1), 0), Conv(SquareWindow(3, 1), -4), Conv(SquareWindow(3, 1), 4, 0),
                             Conv(SquareWindow(3, 1), 4, 3), Conv(SquareWindow(3, 1), 3, 2)}) {
    ExpectError(OneLayer(conv), input, ErrorCode::kInvalidArgument, "groups");
  }
  ExpectError(OneLayer(Pool{PoolKind::kMax, SquareWindow(3, 1, 2)}), input, ErrorCode::kInvalidArgument, "dilat");
  ExpectError(OneLayer(FullyConnected{0, "w", "b"}), input, ErrorCode::kInvalidArgument, "output channels");
}

TEST(InferShapesTest, RefusesBadReferences) {
  const Shape input = {1, 8, 8, 3};
  ExpectError(OneLayer(Activate{}, 3, {1}), input, ErrorCode::kInvalidArgument, "reads value 1");
  ExpectError(OneLayer(Activate{}, 3, {-1}), input, ErrorCode::kInvalidArgument, "reads value -1");
  ExpectError(OneLayer(Activate{}, 3, {}), input, ErrorCode::kInvalidArgument, "0 inputs");
  ExpectError(OneLayer(Activate{}, 3, {0, 0}), input, ErrorCode::kInvalidArgument, "2 inputs");
  ExpectError(OneLayer(Add{}, 3, {0}), input, ErrorCode::kInvalidArgument, "1 inputs");
  Network network = OneLayer(Activate{});
  network.outputs = {{"out", 2}};
  ExpectError(network, input, ErrorCode::kInvalidArgument, "output out is value 2");
  network.outputs = {};
  ExpectError(network, input, ErrorCode::kInvalidArgument, "without outputs");
}

TEST(InferShapesTest, RefusesShapesThatDoNotMatch) {
  Network network = {3, {{"conv", {0}, Conv(SquareWindow(1, 2), 3)}, {"add", {0, 1}, Add{}}}, {{"out", 2}}};
  ExpectError(network, {1, 8, 8, 3}, ErrorCode::kInvalidArgument, "layer add: values of 8x8 and 4x4");
  EXPECT_TRUE(InferShapes(network, {1, 1, 1, 3}).has_value());
  network.layers[0].operation = Conv(SquareWindow(1, 1), 4);
  ExpectError(network, {1, 8, 8, 3}, ErrorCode::kInvalidArgument, "layer add: a sum");
}

TEST(InferShapesTest, RefusesBadAndHugeInputs) {
  const Network network = OneLayer(Activate{});
  ExpectError(network, {1, 8, 8, 4}, ErrorCode::kInvalidArgument, "3 channels");
  ExpectError(network, {0, 8, 8, 3}, ErrorCode::kInvalidArgument, "batch 0");
  ExpectError(network, {1, -8, 8, 3}, ErrorCode::kInvalidArgument, "-8x8");
  ExpectError(network, {kHuge, kHuge, kHuge, 3}, ErrorCode::kResourceExhausted, "elements");
  ExpectError(OneLayer(Conv(SquareWindow(1, 1), kHuge)), {1, 8, 8, 3}, ErrorCode::kResourceExhausted, "the layer");
  ExpectError(OneLayer(Upsample{64}, 1), {1, 1 << 26, 1, 1}, ErrorCode::kResourceExhausted, "the layer");
  ExpectError(OneLayer(Upsample{64}), {1, 1 << 14, 1 << 14, 3}, ErrorCode::kResourceExhausted, "the layer");
  const Network wide = {kHuge, {{"concat", {0, 0}, Concat{}}}, {{"out", 1}}};
  ExpectError(wide, {1, 1, 1, kHuge}, ErrorCode::kResourceExhausted, "channels");
}

TEST(InferChannelsTest, RefusesParametersOutOfRange) {
  const auto refuses = [](const Operation& operation) {
    return !InferChannels({3, {{"layer", {0}, operation}}, {{"out", 1}}}).has_value();
  };
  EXPECT_TRUE(refuses(LocalResponseNorm{.size = 4}));
  EXPECT_TRUE(refuses(LocalResponseNorm{.size = -1}));
  EXPECT_TRUE(refuses(LocalResponseNorm{.k = 0.0F}));
  EXPECT_TRUE(refuses(LocalResponseNorm{.alpha = -1.0F}));
  EXPECT_TRUE(refuses(LocalResponseNorm{.beta = std::numeric_limits<float>::infinity()}));
  EXPECT_TRUE(refuses(Upsample{1}));
  EXPECT_TRUE(refuses(Upsample{kMaxUpsampling + 1}));
  EXPECT_FALSE(refuses(Upsample{kMaxUpsampling}));
  EXPECT_TRUE(refuses(Dropout{1.0F}));
  EXPECT_TRUE(refuses(Dropout{-0.1F}));
  EXPECT_TRUE(refuses(Dropout{std::numeric_limits<float>::quiet_NaN()}));
  EXPECT_TRUE(refuses(Conv(SquareWindow(3, 2, 1, {PaddingMode::kRoundUp}), 4)));
  EXPECT_FALSE(refuses(Pool{PoolKind::kMax, SquareWindow(3, 2, 1, {PaddingMode::kRoundUp, 2, 2, 2, 2})}));
  EXPECT_TRUE(refuses(Pool{PoolKind::kMax, SquareWindow(3, 2, 1, {PaddingMode::kRoundUp, 3, 0, 0, 0})}));
}

TEST(OperationCountsTest, CountsMultiplicationsAndAdditions) {
  const Network network = {8,
                           {{"conv", {0}, Conv(SquareWindow(3, 2), 16)},
                            {"depthwise", {1}, Conv(SquareWindow(3, 1), 16, 16)},
                            {"pool", {2}, Pool{PoolKind::kMax, SquareWindow(2, 2)}}},
                           {{"out", 3}}};
  const auto counts = OperationCounts(network, {2, 9, 11, 8});
  ASSERT_TRUE(counts.has_value()) << counts.error().message;
  constexpr double kCells = 2.0 * 5 * 6;
  EXPECT_THAT(*counts, ElementsAre(2 * kCells * 16 * 9 * 8, 2 * kCells * 16 * 9, 0.0));
  EXPECT_FALSE(OperationCounts(network, {1, 9, 11, 3}).has_value());
}

TEST(ResolvePaddingTest, SplitsEvenlyWithOddCellsAtTheEnd) {
  EXPECT_EQ(ResolvePadding(SquareWindow(3, 2), 257, 256), (Padding{PaddingMode::kExplicit, 1, 1, 0, 1}));
  EXPECT_EQ(ResolvePadding(SquareWindow(3, 1, 2), 17, 17), (Padding{PaddingMode::kExplicit, 2, 2, 2, 2}));
  EXPECT_EQ(ResolvePadding(SquareWindow(1, 2), 17, 16), (Padding{PaddingMode::kExplicit, 0, 0, 0, 0}));
  EXPECT_EQ(ResolvePadding(SquareWindow(3, 1, 1, {PaddingMode::kValid}), 17, 16), (Padding{PaddingMode::kExplicit}));
}

}  // namespace
}  // namespace posenet::nn

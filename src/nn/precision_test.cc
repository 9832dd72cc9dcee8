// SPDX-License-Identifier: Apache-2.0
// Networks whose values are kept as few bits, on every instruction set of this CPU, against the reference, which rounds
// where they round.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "nn/plan.h"
#include "nn/testing/random_network.h"
#include "nn/testing/reference.h"

namespace posenet::nn {
namespace {

using ::testing::HasSubstr;

Conv2d Depthwise(int channels, int stride, int dilation) {
  return {{3, 3, stride, stride, dilation, dilation, {}}, channels, channels, {}, {}, Activation::kRelu6};
}

Conv2d Pointwise(int out_channels, Activation activation = Activation::kRelu6) {
  return {{}, out_channels, 1, {}, {}, activation};
}

// Depthwise and pointwise layers as in a MobileNet, and two heads.
TestNetwork SmallMobileNet() {
  TestNetwork net(3);
  int value = net.AddConv(0, {{3, 3, 2, 2, 1, 1, {}}, 24, 1, {}, {}, Activation::kRelu6});
  const int strides[] = {1, 2, 1};
  const int dilations[] = {1, 1, 2};
  const int channels[] = {40, 72, 36};
  for (int i = 0; i < 3; ++i) {
    value = net.AddConv(value, Depthwise(net.ChannelsOf(value), strides[i], dilations[i]));
    value = net.AddConv(value, Pointwise(channels[i]));
  }
  net.AddOutput(net.AddConv(value, Pointwise(17, Activation::kNone)));
  net.AddOutput(net.AddConv(value, Pointwise(34, Activation::kNone)));
  return net;
}

// Rounding may fall to the other side where a sum is nearly half a unit: most results must be near the reference, all
// within some units.
void ExpectClose(std::span<const float> actual, const ReferenceTensor& expected, float typical, float worst) {
  ASSERT_EQ(actual.size(), expected.values.size());
  double sum = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const float difference = std::abs(actual[i] - expected.values[i]);
    ASSERT_LE(difference, worst) << "element " << i << ": " << actual[i] << " for " << expected.values[i];
    sum += difference;
  }
  EXPECT_LE(sum / static_cast<double>(actual.size()), typical);
}

void ExpectLikeReference(TestNetwork& net, const Shape& shape, BFloat16Use bfloat16, float typical, float worst) {
  const std::vector<float> input = net.RandomValues(shape.ElementCount());
  const auto expected = ReferenceRun(net.network(), net.Tensors(), input, shape, bfloat16);
  ASSERT_TRUE(expected.has_value()) << expected.error().message;
  for (const std::string& instruction_set : SupportedInstructionSets()) {
    for (const int threads : {1, 3}) {
      SCOPED_TRACE(base::StrCat(instruction_set, " with ", threads, " threads"));
      const auto packed = PackedNetwork::Create(net.network(), net.Tensors(),
                                                {.instruction_set = instruction_set, .bfloat16 = bfloat16});
      ASSERT_TRUE(packed.has_value()) << packed.error().message;
      const auto plan = Plan::Create(*packed, shape);
      ASSERT_TRUE(plan.has_value()) << plan.error().message;
      const auto context = Context::Create(*plan, threads);
      ASSERT_TRUE(context.has_value()) << context.error().message;
      base::ThreadPool pool(threads);
      for (int run = 0; run < 2; ++run) {
        std::copy(input.begin(), input.end(), (*context)->input().begin());
        (*plan)->Run(**context, pool);
        for (int i = 0; i < (*plan)->output_count(); ++i) {
          ExpectClose((*context)->output(i), (*expected)[static_cast<std::size_t>(i)], typical, worst);
        }
      }
    }
  }
}

TEST(PrecisionTest, BFloat16Everywhere) {
  TestNetwork net = SmallMobileNet();
  ExpectLikeReference(net, {1, 33, 41, 3}, BFloat16Use::kEverywhere, 2e-4F, 0.03F);
}

// Int8 where inputs have units; in the midst of it layers that stay in floats.
TEST(PrecisionTest, Int8) {
  for (const int float_layer : {0, 3, 5}) {
    SCOPED_TRACE(float_layer);
    TestNetwork net = SmallMobileNet();
    for (int value = 1; value <= 7; ++value) {
      const auto& conv = std::get<Conv2d>(net.network().layers[static_cast<std::size_t>(value) - 1].operation);
      const bool feeds_float_layer = value + 1 == float_layer;
      if (!feeds_float_layer) net.AddScales(value, 6.0F);
      if (value >= 3 && conv.groups == 1 && value != float_layer) net.MakeInt8(value);
    }
    for (const int value : {8, 9}) net.MakeInt8(value);
    ExpectLikeReference(net, {1, 33, 41, 3}, BFloat16Use::kNever, 1e-3F, 0.2F);
    ExpectLikeReference(net, {2, 17, 9, 3}, BFloat16Use::kEverywhere, 5e-3F, 0.2F);
  }
}

// A value that somebody reads who wants floats stays one, and int8 weights that read it become floats.
TEST(PrecisionTest, Int8WeightsOfAnInputThatIsKeptAsFloats) {
  TestNetwork net(4);
  const int input = net.AddConv(0, Depthwise(4, 1, 1));
  net.AddScales(input, 6.0F);
  const int product = net.AddConv(input, Pointwise(20));
  net.MakeInt8(product);
  net.AddOutput(product);
  net.AddOutput(net.AddOther({input}, Pool{PoolKind::kMax, {2, 2, 2, 2, 1, 1, {}}}));
  ExpectLikeReference(net, {1, 9, 10, 4}, BFloat16Use::kNever, 1e-5F, 1e-4F);
}

// A product whose rows are no scratch of ours but a value: bytes, where the instruction set multiplies 16 bits.
TEST(PrecisionTest, Int8OfAValue) {
  TestNetwork net(4);
  const int input = net.AddConv(0, {{3, 3, 1, 1, 1, 1, {}}, 36, 1, {}, {}, Activation::kRelu});
  net.AddScales(input, 5.0F);
  const int first = net.AddConv(input, Pointwise(20));
  const int second = net.AddConv(input, Pointwise(35, Activation::kSigmoid));
  net.MakeInt8(first);
  net.MakeInt8(second);
  net.AddOutput(first);
  net.AddOutput(second);
  ExpectLikeReference(net, {1, 19, 10, 4}, BFloat16Use::kNever, 1e-3F, 0.1F);
}

class BadScalesTest : public testing::Test {
 protected:
  void ExpectCorrupt(const std::string& message) {
    const auto packed = PackedNetwork::Create(net_.network(), tensors_);
    ASSERT_FALSE(packed.has_value());
    EXPECT_EQ(packed.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(packed.error().message, HasSubstr(message));
  }

  void SetUp() override {
    const int input = net_.AddConv(0, Depthwise(4, 1, 1));
    net_.AddScales(input, 6.0F);
    product_ = net_.AddConv(input, Pointwise(8));
    net_.MakeInt8(product_);
    net_.AddOutput(product_);
    tensors_ = net_.Tensors();
  }

  TestNetwork net_{4};
  int product_ = 0;
  TensorMap tensors_;
};

TEST_F(BadScalesTest, NotPositive) {
  const std::vector<float> bad = {0.01F, 0.0F, 0.01F, 0.01F};
  tensors_[net_.network().layers[0].scales].bytes = std::as_bytes(std::span(bad));
  ExpectCorrupt("is not positive");
}

TEST_F(BadScalesTest, BeyondTheActivation) {
  const std::vector<float> bad = {0.01F, 0.1F, 0.01F, 0.01F};
  tensors_[net_.network().layers[0].scales].bytes = std::as_bytes(std::span(bad));
  ExpectCorrupt("of which 255 exceed 6");
}

TEST_F(BadScalesTest, MissingForTheInput) {
  net_.network().layers[0].scales.clear();
  ExpectCorrupt("the layer's input has no scales");
}

TEST_F(BadScalesTest, MissingForTheWeights) {
  std::get<Conv2d>(net_.network().layers[1].operation).weight_scales.clear();
  ExpectCorrupt("has no weight_scales");
}

TEST_F(BadScalesTest, TooFewWeights) {
  auto& weights = tensors_[std::get<Conv2d>(net_.network().layers[1].operation).weights];
  weights.bytes = weights.bytes.first(5);
  ExpectCorrupt("has 5 bytes; expected 32");
}

}  // namespace
}  // namespace posenet::nn

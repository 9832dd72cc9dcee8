// SPDX-License-Identifier: Apache-2.0
// Networks in low precision, on every instruction set of this CPU, against the reference, which rounds values where the
// engine does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "base/strings.h"
#include "nn/plan.h"
#include "nn/testing/random_network.h"
#include "nn/testing/reference.h"
#include "posenet/runtime.h"

namespace posenet::nn {
namespace {

Conv2d Depthwise(int channels, int stride, int dilation) {
  return {{3, 3, stride, stride, dilation, dilation, {}}, channels, channels, {}, {}, Activation::kRelu6};
}

Conv2d Pointwise(int out_channels, Activation activation = Activation::kRelu6) {
  return {{}, out_channels, 1, {}, {}, activation};
}

// Depthwise and pointwise layers as in a MobileNet, with two heads.
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

// A sum close to half a unit may be rounded the other way: the mean difference from the reference must be at most
// `typical`, the largest a few units.
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

void ExpectMatchesReference(TestNetwork& net, const Shape& shape, BFloat16Use bfloat16, float typical, float worst) {
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
  ExpectMatchesReference(net, {1, 33, 41, 3}, BFloat16Use::kEverywhere, 2e-4F, 0.03F);
}

// int8 wherever inputs have scales, with one layer in between that stays in floats.
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
    ExpectMatchesReference(net, {1, 33, 41, 3}, BFloat16Use::kNever, 1e-3F, 0.2F);
    ExpectMatchesReference(net, {2, 17, 9, 3}, BFloat16Use::kEverywhere, 5e-3F, 0.2F);
  }
}

// Layers fused because their expanded values are too many for a cache.
TestNetwork LargeInvertedResidual(int stride) {
  TestNetwork net(3);
  const int value = net.AddConv(0, {{3, 3, 1, 1, 1, 1, {}}, 16, 1, {}, {}, Activation::kNone});
  const int expanded = net.AddConv(value, Pointwise(100));
  net.AddOutput(net.AddConv(net.AddConv(expanded, Depthwise(100, stride, 1)), Pointwise(24, Activation::kNone)));
  return net;
}

TEST(PrecisionTest, BFloat16OfAnInvertedResidual) {
  for (const int stride : {1, 2}) {
    TestNetwork net = LargeInvertedResidual(stride);
    ExpectMatchesReference(net, {1, 59, 53, 3}, BFloat16Use::kEverywhere, 1e-3F, 0.05F);
  }
}

TEST(PrecisionTest, Int8OfAnInvertedResidual) {
  for (const int stride : {1, 2}) {
    for (const bool is_stored_as_floats : {false, true}) {
      SCOPED_TRACE(is_stored_as_floats);
      TestNetwork net = LargeInvertedResidual(stride);
      net.AddSignedScales(1, 4.0F);
      for (const int value : {2, 3}) net.AddScales(value, 6.0F);
      for (const int value : {2, 4}) net.MakeInt8(value);
      if (is_stored_as_floats) net.AddOutput(1);
      ExpectMatchesReference(net, {2, 59, 53, 3}, BFloat16Use::kNever, 1e-3F, 0.2F);
    }
  }
}

// A value with a reader that needs floats is stored as floats, and rounded where it is multiplied.
TEST(PrecisionTest, Int8OfAnInputStoredAsFloats) {
  TestNetwork net(4);
  const int input = net.AddConv(0, Depthwise(4, 1, 1));
  net.AddScales(input, 6.0F);
  const int product = net.AddConv(input, Pointwise(20));
  net.MakeInt8(product);
  net.AddOutput(product);
  net.AddOutput(net.AddOther({input}, Pool{PoolKind::kMax, {2, 2, 2, 2, 1, 1, {}}}));
  ExpectMatchesReference(net, {1, 9, 10, 4}, BFloat16Use::kNever, 1e-3F, 0.1F);
}

// Products that read a value directly rather than a depthwise step's scratch: its bytes must be widened if the
// instruction set multiplies 16-bit integers.
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
  ExpectMatchesReference(net, {1, 19, 10, 4}, BFloat16Use::kNever, 1e-3F, 0.1F);
}

Activation ActivationOf(const Layer& layer) {
  const auto* const conv = std::get_if<Conv2d>(&layer.operation);
  return conv != nullptr ? conv->activation : Activation::kNone;
}

// Stores the weights of each pointwise convolution as int8, bfloat16 or floats, drawn at random, and adds scales to the
// inputs of depthwise convolutions where they may be integers.
void QuantizeAtRandom(TestNetwork& net, std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto writer_of = [&net](int value) -> const Layer& {
    return net.network().layers[static_cast<std::size_t>(value) - 1];
  };
  const auto add_scales = [&](int value) {
    if (!writer_of(value).scales.empty()) return;
    if (IsRectifier(ActivationOf(writer_of(value)))) {
      net.AddScales(value, 6.0F);
    } else {
      net.AddSignedScales(value, 4.0F);
    }
  };
  for (int value = 2; value <= static_cast<int>(net.network().layers.size()); ++value) {
    const auto* const conv = std::get_if<Conv2d>(&writer_of(value).operation);
    if (conv == nullptr) continue;
    const int input = writer_of(value).inputs[0];
    if (!IsPointwise(*conv)) {
      if (IsRectifier(ActivationOf(writer_of(input)))) add_scales(input);
      continue;
    }
    const int choice = std::uniform_int_distribution<int>(0, 2)(random);
    if (choice == 0) {
      add_scales(input);
      net.MakeInt8(value);
    } else if (choice == 1) {
      net.MakeBFloat16(value);
    }
  }
}

TEST(PrecisionTest, InvertedResidualsInBFloat16) {
  TestNetwork net = SmallMoveNet();
  ExpectMatchesReference(net, {1, 32, 40, 3}, BFloat16Use::kEverywhere, 1e-3F, 0.1F);
}

TEST(PrecisionTest, InvertedResidualsInMixedPrecision) {
  for (std::uint32_t seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(seed);
    TestNetwork net = SmallMoveNet();
    QuantizeAtRandom(net, seed);
    ExpectMatchesReference(net, {1, 32, 40, 3}, BFloat16Use::kWhereStored, 3e-3F, 0.2F);
    ExpectMatchesReference(net, {2, 16, 8, 3}, BFloat16Use::kNever, 3e-3F, 0.2F);
  }
}

}  // namespace
}  // namespace posenet::nn

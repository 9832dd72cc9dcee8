// SPDX-License-Identifier: Apache-2.0
// Every kernel on every instruction set of this CPU, and whole networks, against the reference.
#include "nn/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <thread>

#include "base/strings.h"
#include "nn/reference.h"
#include "nn/test_network.h"

namespace posenet::nn {
namespace {

using ::testing::HasSubstr;

// Sums of some hundred products of numbers near 1, in another order and in single precision.
constexpr float kTolerance = 1e-4F;

std::vector<std::vector<float>> RunPlan(const Plan& plan, Context& context, std::span<const float> input,
                                        ThreadPool& pool) {
  std::copy(input.begin(), input.end(), context.input().begin());
  plan.Run(context, pool);
  std::vector<std::vector<float>> outputs;
  for (int i = 0; i < plan.output_count(); ++i) {
    outputs.emplace_back(context.output(i).begin(), context.output(i).end());
  }
  return outputs;
}

std::shared_ptr<const Plan> MakePlan(const TestNetwork& net, const Shape& shape,
                                     std::string_view instruction_set = {}) {
  const auto packed = PackedNetwork::Create(net.network(), net.Tensors(), {.instruction_set = instruction_set});
  EXPECT_TRUE(packed.has_value()) << packed.error().message;
  const auto plan = Plan::Create(*packed, shape);
  EXPECT_TRUE(plan.has_value()) << plan.error().message;
  return *plan;
}

void ExpectNear(const std::vector<float>& actual, const ReferenceTensor& expected) {
  ASSERT_EQ(actual.size(), expected.values.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    // Negated, so that it fails for a NaN.
    if (!(std::abs(actual[i] - expected.values[i]) <= kTolerance * std::max(1.0F, std::abs(expected.values[i])))) {
      FAIL() << "element " << i << " is " << actual[i] << ", expected " << expected.values[i];
    }
  }
}

// Compares all outputs with the reference on every instruction set, and with one thread and more threads than tasks.
void ExpectLikeReference(TestNetwork& net, const Shape& shape) {
  const std::vector<float> input = net.RandomValues(shape.ElementCount());
  const auto expected = ReferenceRun(net.network(), net.Tensors(), input, shape);
  ASSERT_TRUE(expected.has_value()) << expected.error().message;
  static ThreadPool one_thread(1);
  static ThreadPool three_threads(3);
  for (const std::string& instruction_set : SupportedInstructionSets()) {
    for (ThreadPool* pool : {&one_thread, &three_threads}) {
      SCOPED_TRACE(StrCat(instruction_set, " with ", pool->thread_count(), " threads"));
      const auto plan = MakePlan(net, shape, instruction_set);
      const auto context = Context::Create(plan, pool->thread_count());
      ASSERT_TRUE(context.has_value()) << context.error().message;
      // What an earlier run left behind must not matter.
      std::fill((*context)->input().begin(), (*context)->input().end(), std::numeric_limits<float>::quiet_NaN());
      plan->Run(**context, *pool);
      const auto outputs = RunPlan(*plan, **context, input, *pool);
      ASSERT_EQ(outputs.size(), expected->size());
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        EXPECT_EQ(plan->output_shape(static_cast<int>(i)), (*expected)[i].shape);
        ExpectNear(outputs[i], (*expected)[i]);
      }
    }
  }
}

Window SquareWindow(int kernel, int stride = 1, int dilation = 1, Padding padding = {}) {
  return {kernel, kernel, stride, stride, dilation, dilation, padding};
}

void TestConv(const Conv2d& conv, const Shape& shape) {
  SCOPED_TRACE(StrCat(shape.batch, "x", shape.height, "x", shape.width, "x", shape.channels, ", kernel ",
                      conv.window.kernel_height, "x", conv.window.kernel_width, " stride ", conv.window.stride_height,
                      "x", conv.window.stride_width, " dilation ", conv.window.dilation_height, "x",
                      conv.window.dilation_width, " padding mode ", static_cast<int>(conv.window.padding.mode), " to ",
                      conv.out_channels, " in ", conv.groups, " groups"));
  TestNetwork net(shape.channels);
  net.AddOutput(net.AddConv(0, conv));
  ExpectLikeReference(net, shape);
}

Conv2d Conv(const Window& window, int out_channels, int groups = 1, Activation activation = Activation::kNone) {
  return {window, out_channels, groups, {}, {}, activation};
}

const Activation kActivations[] = {Activation::kNone, Activation::kRelu, Activation::kRelu6, Activation::kSigmoid};
const Padding kPaddings[] = {{}, {PaddingMode::kValid}, {PaddingMode::kExplicit, 2, 0, 1, 2}};

TEST(KernelsTest, PointwiseOfEveryRemainder) {
  for (const int channels : {1, 3, 17, 64}) {
    for (const int out_channels : {1, 2, 15, 16, 17, 24, 32, 34, 65}) {
      TestConv(Conv(SquareWindow(1), out_channels), {1, 3, 5, channels});
    }
  }
  for (int width = 1; width <= 29; ++width) TestConv(Conv(SquareWindow(1), 33), {1, 1, width, 5});
}

TEST(KernelsTest, PointwiseInSeveralBlocks) {
  // More rows than a block holds, so many channels that a block is small, and all activations.
  for (const Activation activation : kActivations) {
    TestConv(Conv(SquareWindow(1), 40, 1, activation), {2, 23, 31, 100});
    TestConv(Conv(SquareWindow(1), 16, 1, activation), {1, 4, 25, 2048});
  }
}

TEST(KernelsTest, ConvolutionsOfEveryWindow) {
  for (const int kernel : {1, 2, 3, 5}) {
    for (const int stride : {1, 2, 3}) {
      for (const int dilation : {1, 2, 3}) {
        for (const Padding& padding : kPaddings) {
          if (padding.mode == PaddingMode::kExplicit && kernel < 3) continue;
          for (const int channels : {3, 17}) {
            TestConv(Conv(SquareWindow(kernel, stride, dilation, padding), 9, 1, Activation::kRelu),
                     {2, 13, 14, channels});
          }
        }
      }
    }
  }
}

TEST(KernelsTest, ConvolutionsOfUnequalSides) {
  const Window window = {3, 7, 2, 1, 1, 2, {}};
  for (const int channels : {1, 3, 15, 16, 24}) TestConv(Conv(window, 20), {1, 9, 6, channels});
  TestConv(Conv({1, 7, 1, 1, 1, 1, {}}, 20), {1, 9, 6, 20});
  TestConv(Conv({7, 1, 1, 3, 1, 1, {}}, 20, 1, Activation::kSigmoid), {1, 9, 6, 3});
}

TEST(KernelsTest, GroupedConvolutions) {
  for (const int groups : {2, 3, 6}) {
    for (const int stride : {1, 2}) {
      TestConv(Conv(SquareWindow(3, stride), 12, groups), {1, 7, 8, 24});
      TestConv(Conv(SquareWindow(1, stride), 102, groups, Activation::kSigmoid), {1, 7, 8, 12});
    }
  }
}

TEST(KernelsTest, DepthwiseOfEveryWindow) {
  for (const int kernel : {1, 2, 3, 5}) {
    for (const int stride : {1, 2, 3}) {
      for (const int dilation : {1, 2, 4}) {
        for (const Padding& padding : kPaddings) {
          if (padding.mode == PaddingMode::kExplicit && kernel < 3) continue;
          const Shape shape = {2, 18, 19, 24};
          TestConv(Conv(SquareWindow(kernel, stride, dilation, padding), 24, 24, Activation::kRelu6), shape);
        }
      }
    }
  }
}

TEST(KernelsTest, DepthwiseOfEverySize) {
  for (const int channels : {2, 3, 16, 17, 24, 34, 64, 67}) {
    for (const int size : {1, 2, 3, 4, 6, 9}) {
      for (const Activation activation : kActivations) {
        TestConv(Conv(SquareWindow(3), channels, channels, activation), {1, size, 10 - size, channels});
        TestConv(Conv(SquareWindow(3, 2), channels, channels, activation), {1, 10 - size, size, channels});
      }
      // At dilation 4 most taps of a small input lie on the padding.
      TestConv(Conv(SquareWindow(3, 1, 4), channels, channels), {1, size, size, channels});
    }
  }
}

// Results that are so large that the two layers are computed together.
TEST(KernelsTest, LargeDepthwiseBeforePointwise) {
  for (const Activation activation : kActivations) {
    for (const int stride : {1, 2}) {
      TestNetwork net(34);
      const int depthwise = net.AddConv(0, Conv(SquareWindow(3, stride), 34, 34, activation));
      net.AddOutput(net.AddConv(depthwise, Conv(SquareWindow(1), 19, 1, activation)));
      const int size = 85 * stride;
      ExpectLikeReference(net, {2, size, size - 3, 34});
      // A result that is asked for is not computed away.
      net.AddOutput(depthwise);
      ExpectLikeReference(net, {2, size, size - 3, 34});
    }
  }
}

TEST(KernelsTest, DepthwiseWithChannelMultiplier) {
  for (const int multiplier : {2, 3, 17}) {
    for (const int channels : {1, 5, 16}) {
      TestConv(Conv(SquareWindow(3, 2), channels * multiplier, channels, Activation::kRelu), {1, 7, 6, channels});
    }
  }
}

TEST(KernelsTest, Pools) {
  for (const PoolKind kind : {PoolKind::kMax, PoolKind::kAverage}) {
    for (const Window& window :
         {SquareWindow(2, 2), SquareWindow(3, 1), SquareWindow(3, 2), Window{2, 5, 1, 3, 1, 1, {}},
          SquareWindow(3, 2, 1, {PaddingMode::kValid}), SquareWindow(4, 1, 1, {PaddingMode::kExplicit, 3, 1, 0, 3})}) {
      for (const int channels : {1, 3, 17, 24, 64}) {
        TestNetwork net(channels);
        net.AddOutput(net.AddOther({0}, Pool{kind, window}));
        ExpectLikeReference(net, {2, 9, 8, channels});
      }
    }
  }
}

TEST(KernelsTest, GlobalAveragePool) {
  for (const int channels : {1, 17, 64, 200}) {
    TestNetwork net(channels);
    net.AddOutput(net.AddOther({0}, GlobalAveragePool{}));
    ExpectLikeReference(net, {3, 7, 5, channels});
  }
}

TEST(KernelsTest, SumsAndActivations) {
  for (const Activation activation : kActivations) {
    for (const Shape& shape : {Shape{1, 1, 1, 1}, Shape{2, 5, 7, 17}, Shape{1, 33, 31, 24}}) {
      TestNetwork net(shape.channels);
      const int activated = net.AddOther({0}, Activate{activation});
      net.AddOutput(activated);
      net.AddOutput(net.AddOther({0, activated}, Add{activation}));
      net.AddOutput(net.AddOther({0, activated, 0, 0}, Add{activation}));
      ExpectLikeReference(net, shape);
    }
  }
}

TEST(KernelsTest, SigmoidOfExtremes) {
  for (const std::string& instruction_set : SupportedInstructionSets()) {
    TestNetwork net(4);
    net.AddOutput(net.AddOther({0}, Activate{Activation::kSigmoid}));
    const auto plan = MakePlan(net, {1, 1, 1, 4}, instruction_set);
    const auto context = Context::Create(plan);
    ThreadPool pool(1);
    constexpr float kMax = std::numeric_limits<float>::max();
    EXPECT_THAT(RunPlan(*plan, **context, std::vector<float>{-kMax, -100.0F, 100.0F, kMax}, pool)[0],
                ::testing::Pointwise(::testing::FloatNear(1e-30F), {0.0F, 0.0F, 1.0F, 1.0F}));
  }
}

TEST(KernelsTest, Concat) {
  TestNetwork net(5);
  const int wide = net.AddConv(0, Conv(SquareWindow(1), 130));
  net.AddOutput(net.AddOther({wide, 0, 0, wide}, Concat{}));
  ExpectLikeReference(net, {2, 6, 7, 5});
}

TEST(KernelsTest, FullyConnected) {
  for (const int batch : {1, 2, 30}) {
    for (const Activation activation : kActivations) {
      TestNetwork net(7);
      net.AddOutput(net.AddFullyConnected(0, {33, {}, {}, activation}, 5 * 3 * 7));
      ExpectLikeReference(net, {batch, 5, 3, 7});
    }
  }
}

// A random network of every operation, with values that are read more than once and outputs in the middle.
TestNetwork RandomNetwork(std::uint32_t seed) {
  TestNetwork net(1 + static_cast<int>(seed % 5), seed);
  const auto pick = [&](auto... options) {
    const int values[] = {options...};
    return values[net.random()() % std::size(values)];
  };
  const auto activation = [&] { return kActivations[net.random()() % std::size(kActivations)]; };
  std::vector<int> same_size = {0};  // Values with the picture size of the last one.
  const int layer_count = pick(3, 8, 15);
  for (int i = 0; i < layer_count; ++i) {
    const int input = same_size[net.random()() % same_size.size()];
    const int channels = net.ChannelsOf(input);
    const int stride = pick(1, 1, 1, 2);
    const Window window = SquareWindow(pick(1, 1, 3), stride, pick(1, 1, 2));
    int value = 0;
    switch (net.random()() % 7) {
      case 0:
        value = net.AddConv(input, Conv(window, channels, channels, activation()));
        break;
      case 1:
        value = net.AddOther({input}, Pool{PoolKind::kMax, SquareWindow(3, stride)});
        break;
      case 2:
        value = net.AddOther({input}, Pool{PoolKind::kAverage, SquareWindow(2, stride)});
        break;
      case 3:
        value = net.AddOther({input, same_size.back()}, Concat{});
        break;
      case 4:
        value = net.AddOther({input, input}, Add{activation()});
        break;
      default:
        value = net.AddConv(input, Conv(window, pick(1, 8, 17, 32), 1, activation()));
    }
    const bool shrinks = std::visit(
        [](const auto& operation) {
          if constexpr (requires { operation.window; }) return operation.window.stride_height > 1;
          return false;
        },
        net.network().layers.back().operation);
    if (shrinks) same_size.clear();
    same_size.push_back(value);
    if (pick(0, 0, 0, 1) == 1) net.AddOutput(value);
  }
  net.AddOutput(same_size.back());
  net.AddOutput(pick(0, 1));
  return net;
}

TEST(PlanTest, RandomNetworks) {
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    TestNetwork net = RandomNetwork(seed);
    const int height = 5 + static_cast<int>(seed % 13);
    const int width = 4 + static_cast<int>(seed % 17);
    ExpectLikeReference(net, {1 + static_cast<int>(seed % 2), height, width, net.network().input_channels});
  }
}

TEST(PlanTest, MobileNetLikeReference) {
  TestNetwork net = MobileNetPoseNet();
  ExpectLikeReference(net, {1, 33, 49, 3});
}

TEST(PlanTest, TellsShapesAndNames) {
  const TestNetwork net = MobileNetPoseNet();
  const auto plan = MakePlan(net, {1, 257, 353, 3});
  EXPECT_EQ(plan->input_shape(), (Shape{1, 257, 353, 3}));
  ASSERT_EQ(plan->output_count(), 4);
  EXPECT_EQ(plan->output_shape(1), (Shape{1, 17, 23, 34}));
  EXPECT_EQ(plan->output_name(1), "output29");
  // The largest two values at a time, of 129x177: 32 and 64 channels.
  EXPECT_LT(plan->arena_bytes(), 129U * 177 * (32 + 64) * sizeof(float) * 5 / 4);
}

TEST(PlanTest, ContextsRunAtTheSameTime) {
  TestNetwork net = RandomNetwork(3);
  const Shape shape = {1, 40, 30, net.network().input_channels};
  const auto plan = MakePlan(net, shape);
  constexpr int kThreads = 4;
  std::vector<std::vector<float>> inputs;
  for (int i = 0; i < kThreads; ++i) inputs.push_back(net.RandomValues(shape.ElementCount()));
  std::vector<std::thread> threads;
  std::vector<std::vector<std::vector<float>>> outputs(kThreads);
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      ThreadPool pool(2);
      const auto context = Context::Create(plan);
      for (int round = 0; round < 20; ++round) outputs[i] = RunPlan(*plan, **context, inputs[i], pool);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < kThreads; ++i) {
    const auto expected = ReferenceRun(net.network(), net.Tensors(), inputs[i], shape);
    for (std::size_t o = 0; o < outputs[i].size(); ++o) ExpectNear(outputs[i][o], (*expected)[o]);
  }
}

TEST(PlanTest, PoolMayHaveMoreThreadsThanTheContext) {
  TestNetwork net = MobileNetPoseNet();
  const Shape shape = {1, 33, 33, 3};
  const auto plan = MakePlan(net, shape);
  const auto context = Context::Create(plan, 1);
  ThreadPool pool(4);
  const std::vector<float> input = net.RandomValues(shape.ElementCount());
  const auto expected = ReferenceRun(net.network(), net.Tensors(), input, shape);
  const auto outputs = RunPlan(*plan, **context, input, pool);
  for (std::size_t i = 0; i < outputs.size(); ++i) ExpectNear(outputs[i], (*expected)[i]);
}

TEST(PlanTest, RefusesTooMuchMemory) {
  TestNetwork net(1);
  net.AddOutput(net.AddOther({0, 0}, Add{}));
  const auto packed = PackedNetwork::Create(net.network(), net.Tensors());
  ASSERT_TRUE(packed.has_value());
  const auto plan = Plan::Create(*packed, {1, 30'000, 30'000, 1});
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code, ErrorCode::kResourceExhausted);
  EXPECT_THAT(plan.error().message, HasSubstr("30000x30000"));
}

TEST(PlanTest, RefusesFullyConnectedWeightsOfAnotherSize) {
  TestNetwork net(2);
  net.AddOutput(net.AddFullyConnected(0, {5, {}, {}, Activation::kNone}, 3 * 4 * 2));
  const auto packed = PackedNetwork::Create(net.network(), net.Tensors());
  ASSERT_TRUE(packed.has_value());
  EXPECT_TRUE(Plan::Create(*packed, {2, 4, 3, 2}).has_value());
  const auto plan = Plan::Create(*packed, {1, 5, 3, 2});
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code, ErrorCode::kCorruptData);
}

class PackedNetworkErrorTest : public ::testing::Test {
 protected:
  PackedNetworkErrorTest() : net_(3) {
    net_.AddOutput(net_.AddConv(0, Conv(SquareWindow(3), 8)));
    conv_ = &std::get<Conv2d>(net_.network().layers[0].operation);
    tensors_ = net_.Tensors();
  }

  void ExpectCorrupt(const std::string& message) {
    const auto packed = PackedNetwork::Create(net_.network(), tensors_);
    ASSERT_FALSE(packed.has_value());
    EXPECT_EQ(packed.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(packed.error().message, HasSubstr(message));
    EXPECT_THAT(packed.error().message, HasSubstr("layer layer0"));
  }

  TestNetwork net_;
  Conv2d* conv_;
  TensorMap tensors_;
};

TEST_F(PackedNetworkErrorTest, MissingTensor) {
  tensors_.erase(conv_->weights);
  ExpectCorrupt("tensor tensor0 is missing");
}

TEST_F(PackedNetworkErrorTest, WrongShape) {
  tensors_[conv_->bias].shape = {4, 2};
  ExpectCorrupt("tensor tensor1 has shape [4, 2]; expected [8]");
}

TEST_F(PackedNetworkErrorTest, NotFinite) {
  std::vector<float> values(8, 1.0F);
  values[5] = std::numeric_limits<float>::infinity();
  tensors_[conv_->bias].bytes = std::as_bytes(std::span(values));
  ExpectCorrupt("tensor tensor1: element 5 is not finite");
}

TEST_F(PackedNetworkErrorTest, BytesThatDoNotMatchTheShape) {
  tensors_[conv_->weights].bytes = tensors_[conv_->weights].bytes.first(100);
  ExpectCorrupt("tensor tensor0: 100 bytes");
}

TEST_F(PackedNetworkErrorTest, UnknownInstructionSet) {
  const auto packed = PackedNetwork::Create(net_.network(), tensors_, {.instruction_set = "MMX"});
  ASSERT_FALSE(packed.has_value());
  EXPECT_EQ(packed.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(packed.error().message, HasSubstr("MMX"));
}

TEST(ConvWithoutBiasTest, AddsNothing) {
  TestNetwork net(3);
  net.AddOutput(net.AddConv(0, Conv(SquareWindow(3), 8)));
  std::get<Conv2d>(net.network().layers[0].operation).bias.clear();
  ExpectLikeReference(net, {1, 4, 4, 3});
}

}  // namespace
}  // namespace posenet::nn

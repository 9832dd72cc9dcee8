// SPDX-License-Identifier: Apache-2.0
// Whole networks on every instruction set of this CPU against the reference.
#include "nn/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

using ::testing::HasSubstr;

// A random network of float operations, with values that are read more than once and outputs in the middle.
TestNetwork RandomNetwork(std::uint32_t seed) {
  TestNetwork net(1 + static_cast<int>(seed % 5), seed);
  const auto pick = [&](auto... options) {
    const int values[] = {options...};
    return values[net.random()() % std::size(values)];
  };
  const auto activation = [&] { return kActivations[net.random()() % std::size(kActivations)]; };
  std::vector<int> same_size = {0};  // Values with the image size of the last one.
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
    SCOPED_TRACE(base::StrCat("seed ", seed));
    TestNetwork net = RandomNetwork(seed);
    const int height = 5 + static_cast<int>(seed % 13);
    const int width = 4 + static_cast<int>(seed % 17);
    ExpectMatchesReference(net, {1 + static_cast<int>(seed % 2), height, width, net.network().input_channels});
  }
}

TEST(PlanTest, MobileNetMatchesReference) {
  TestNetwork net = MobileNetPoseNet();
  ExpectMatchesReference(net, {1, 33, 49, 3});
}

TEST(PlanTest, ReportsShapesAndNames) {
  const TestNetwork net = MobileNetPoseNet();
  const auto plan = MakePlan(net, {1, 257, 353, 3});
  EXPECT_EQ(plan->input_shape(), (Shape{1, 257, 353, 3}));
  ASSERT_EQ(plan->output_count(), 4);
  EXPECT_EQ(plan->output_shape(1), (Shape{1, 17, 23, 34}));
  EXPECT_EQ(plan->output_name(1), "output29");
  // The two largest values that are alive at the same time are 129x177, with 32 and 64 channels.
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
      base::ThreadPool pool(2);
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
  base::ThreadPool pool(4);
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

}  // namespace
}  // namespace posenet::nn

// SPDX-License-Identifier: Apache-2.0
// Runs networks in tests and compares their outputs with the reference.
#ifndef POSENET_NN_TESTING_RUN_PLAN_H_
#define POSENET_NN_TESTING_RUN_PLAN_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/strings.h"
#include "nn/plan.h"
#include "nn/testing/random_network.h"
#include "nn/testing/reference.h"
#include "posenet/runtime.h"

namespace posenet::nn {

// The error of sums of some hundreds of products of numbers near 1, in another order and in single precision.
inline constexpr float kTolerance = 1e-4F;

inline std::vector<std::vector<float>> RunPlan(const Plan& plan, Context& context, std::span<const float> input,
                                               base::ThreadPool& pool) {
  std::copy(input.begin(), input.end(), context.input().begin());
  plan.Run(context, pool);
  std::vector<std::vector<float>> outputs;
  for (int i = 0; i < plan.output_count(); ++i) {
    outputs.emplace_back(context.output(i).begin(), context.output(i).end());
  }
  return outputs;
}

inline std::shared_ptr<const Plan> MakePlan(const TestNetwork& net, const Shape& shape,
                                            std::string_view instruction_set = {}) {
  const auto packed = PackedNetwork::Create(net.network(), net.Tensors(), {.instruction_set = instruction_set});
  EXPECT_TRUE(packed.has_value()) << packed.error().message;
  const auto plan = Plan::Create(*packed, shape);
  EXPECT_TRUE(plan.has_value()) << plan.error().message;
  return *plan;
}

inline void ExpectNear(const std::vector<float>& actual, const ReferenceTensor& expected) {
  ASSERT_EQ(actual.size(), expected.values.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    // Negated, so that it fails for a NaN.
    if (!(std::abs(actual[i] - expected.values[i]) <= kTolerance * std::max(1.0F, std::abs(expected.values[i])))) {
      FAIL() << "element " << i << " is " << actual[i] << ", expected " << expected.values[i];
    }
  }
}

// Compares all outputs with the reference on every instruction set, with one thread and with several.
inline void ExpectMatchesReference(TestNetwork& net, const Shape& shape) {
  const std::vector<float> input = net.RandomValues(shape.ElementCount());
  const auto expected = ReferenceRun(net.network(), net.Tensors(), input, shape);
  ASSERT_TRUE(expected.has_value()) << expected.error().message;
  static base::ThreadPool one_thread(1);
  static base::ThreadPool three_threads(3);
  for (const std::string& instruction_set : SupportedInstructionSets()) {
    for (base::ThreadPool* pool : {&one_thread, &three_threads}) {
      SCOPED_TRACE(base::StrCat(instruction_set, " with ", pool->thread_count(), " threads"));
      const auto plan = MakePlan(net, shape, instruction_set);
      const auto context = Context::Create(plan, pool->thread_count());
      ASSERT_TRUE(context.has_value()) << context.error().message;
      // The contents that an earlier run left behind must not matter.
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

// Tests one layer without weights.
inline void TestLayer(const Operation& operation, const Shape& shape) {
  TestNetwork net(shape.channels);
  net.AddOutput(net.AddOther({0}, operation));
  ExpectMatchesReference(net, shape);
}

inline Window SquareWindow(int kernel, int stride = 1, int dilation = 1, Padding padding = {}) {
  return {kernel, kernel, stride, stride, dilation, dilation, padding};
}

// Tests one convolution, with random weights.
inline void TestConv(const Conv2d& conv, const Shape& shape) {
  SCOPED_TRACE(base::StrCat(
      shape.batch, "x", shape.height, "x", shape.width, "x", shape.channels, ", kernel ", conv.window.kernel_height,
      "x", conv.window.kernel_width, " stride ", conv.window.stride_height, "x", conv.window.stride_width, " dilation ",
      conv.window.dilation_height, "x", conv.window.dilation_width, " padding mode ",
      static_cast<int>(conv.window.padding.mode), " to ", conv.out_channels, " in ", conv.groups, " groups"));
  TestNetwork net(shape.channels);
  net.AddOutput(net.AddConv(0, conv));
  ExpectMatchesReference(net, shape);
}

inline Conv2d Conv(const Window& window, int out_channels, int groups = 1, Activation activation = Activation::kNone) {
  return {window, out_channels, groups, {}, {}, activation};
}

inline const Activation kActivations[] = {Activation::kNone, Activation::kRelu, Activation::kRelu6,
                                          Activation::kSigmoid};
inline const Padding kPaddings[] = {{}, {PaddingMode::kValid}, {PaddingMode::kExplicit, 2, 0, 1, 2}};

}  // namespace posenet::nn

#endif  // POSENET_NN_TESTING_RUN_PLAN_H_

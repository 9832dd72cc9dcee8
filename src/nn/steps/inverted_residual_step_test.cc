// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

// The expanded values must be too many for a cache: otherwise the layers are not fused.
void TestInvertedResidual(const Window& depthwise, const Shape& shape, Activation activation = Activation::kRelu6) {
  constexpr int kExpandedChannels = 90;
  TestNetwork net(shape.channels);
  const int expanded = net.AddConv(0, Conv({}, kExpandedChannels, /*groups=*/1, activation));
  const int filtered = net.AddConv(expanded, Conv(depthwise, kExpandedChannels, kExpandedChannels, activation));
  net.AddOutput(net.AddConv(filtered, Conv({}, 21)));
  EXPECT_EQ(MakePlan(net, shape)->step_count(), 1);
  ExpectMatchesReference(net, shape);
}

TEST(InvertedResidualStepTest, MatchesReferenceForAnyStrideAndDilation) {
  for (const int stride : {1, 2, 3}) {
    for (const int dilation : {1, 2}) {
      SCOPED_TRACE(base::StrCat("stride ", stride, " dilation ", dilation));
      TestInvertedResidual(SquareWindow(3, stride, dilation), {1, 67, 35, 7});
    }
  }
}

TEST(InvertedResidualStepTest, MatchesReferenceForAnyPadding) {
  for (const Padding& padding : kPaddings) {
    SCOPED_TRACE(static_cast<int>(padding.mode));
    TestInvertedResidual(SquareWindow(3, 2, 1, padding), {1, 66, 36, 8});
  }
}

TEST(InvertedResidualStepTest, MatchesReferenceForABatch) { TestInvertedResidual(SquareWindow(5), {3, 71, 23, 5}); }

TEST(InvertedResidualStepTest, MatchesReferenceForAnyActivation) {
  for (const Activation activation : kActivations) TestInvertedResidual(SquareWindow(3), {1, 65, 37, 6}, activation);
}

TEST(InvertedResidualStepTest, IsNotUsedIfAnotherLayerReadsItsValues) {
  for (const int extra_reader : {1, 2}) {
    TestNetwork net(8);
    const int expanded = net.AddConv(0, Conv({}, 96));
    const int filtered = net.AddConv(expanded, Conv(SquareWindow(3), 96, 96));
    net.AddOutput(net.AddConv(filtered, Conv({}, 16)));
    net.AddOutput(net.AddOther({extra_reader}, Activate{Activation::kRelu}));
    EXPECT_GT(MakePlan(net, {1, 64, 48, 8})->step_count(), 2);
    ExpectMatchesReference(net, {1, 64, 48, 8});
  }
}

}  // namespace
}  // namespace posenet::nn

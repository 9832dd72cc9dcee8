// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

TEST(DropoutTest, IsTheIdentityWithoutASeed) {
  TestLayer(Dropout{0.5F}, {2, 3, 50, 31});
  TestLayer(Dropout{0.0F}, {1, 1, 1, 1});
}

TEST(DropoutTest, DropsTheSameElementsForAnyThreadCount) {
  TestNetwork net(7);
  net.AddOutput(net.AddOther({0}, Dropout{0.3F}));
  net.AddOutput(net.AddOther({0}, Dropout{0.3F}));
  const Shape shape = {3, 40, 50, 7};
  const std::vector<float> input = net.RandomValues(shape.ElementCount());
  const auto plan = MakePlan(net, shape);
  const auto context = Context::Create(plan);
  for (const std::uint64_t seed : {0U, 1U}) {
    const auto expected = ReferenceRun(net.network(), net.Tensors(), input, shape, BFloat16Use::kNever, seed);
    (*context)->SampleDropout(seed);
    for (const int threads : {1, 3}) {
      base::ThreadPool pool(threads);
      const auto outputs = RunPlan(*plan, **context, input, pool);
      for (std::size_t i = 0; i < outputs.size(); ++i) ExpectNear(outputs[i], (*expected)[i]);
      EXPECT_NE(outputs[0], outputs[1]) << "two layers dropped the same elements";
      const auto dropped = std::count(outputs[0].begin(), outputs[0].end(), 0.0F);
      // 42,000 draws of 0.3: five standard deviations are 470.
      EXPECT_NEAR(static_cast<double>(dropped), 0.3 * static_cast<double>(input.size()), 470.0);
    }
  }
  (*context)->SampleDropout(std::nullopt);
  base::ThreadPool pool(1);
  EXPECT_EQ(RunPlan(*plan, **context, input, pool)[0], input);
}

}  // namespace
}  // namespace posenet::nn

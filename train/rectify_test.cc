// SPDX-License-Identifier: Apache-2.0
#include "train/rectify.h"

#include <gtest/gtest.h>

#include <limits>

namespace posenet::train {
namespace {

using torch::Tensor;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Includes both bounds and both zeros; the count is not a multiple of any vector length.
Tensor Values() {
  Tensor values = 4.0 * torch::randn({2, 5, 7, 9}) + 3.0;
  values.flatten().slice(0, 0, 4).copy_(torch::tensor({0.0F, -0.0F, 6.0F, 6.5F}));
  return values.contiguous(torch::MemoryFormat::ChannelsLast).to(torch::kBFloat16);
}

class RectifyTest : public testing::TestWithParam<double> {};

TEST_P(RectifyTest, EqualsFloat32) {
  torch::manual_seed(6);
  const double upper = GetParam();
  Tensor values = Values().requires_grad_();
  Tensor floats = values.detach().to(torch::kFloat32).requires_grad_();
  // Times 1, because a leaf of the graph must not be changed in place.
  const Tensor rectified = RectifyBFloat16InPlace(values * 1.0, upper);
  const Tensor expected = torch::hardtanh(floats, 0.0, upper);
  EXPECT_TRUE(torch::equal(rectified.to(torch::kFloat32), expected));
  // In a different memory order than the values.
  const Tensor gradient = torch::randn({2, 5, 7, 9}).to(torch::kBFloat16);
  rectified.backward(gradient);
  expected.backward(gradient.to(torch::kFloat32));
  EXPECT_TRUE(torch::equal(values.grad().to(torch::kFloat32), floats.grad()));
}

TEST_P(RectifyTest, HandlesGradientsInTheMemoryOrderOfValues) {
  torch::manual_seed(7);
  const double upper = GetParam();
  Tensor values = Values().requires_grad_();
  const Tensor rectified = RectifyBFloat16InPlace(values * 1.0, upper);
  rectified.backward(torch::ones_like(rectified));
  const Tensor is_between = (values > 0.0).logical_and(values < upper);
  EXPECT_TRUE(torch::equal(values.grad(), is_between.to(torch::kBFloat16)));
}

INSTANTIATE_TEST_SUITE_P(Uppers, RectifyTest, testing::Values(6.0, kInfinity),
                         [](const testing::TestParamInfo<double>& test) { return test.param == 6.0 ? "Six" : "None"; });

}  // namespace
}  // namespace posenet::train

// SPDX-License-Identifier: Apache-2.0
#include "train/rectify.h"

#include <gtest/gtest.h>

#include <limits>

namespace posenet::train {
namespace {

using torch::Tensor;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Some at both ends, and zeros of both signs; as many as no loop divides evenly.
Tensor Values() {
  Tensor values = 4.0 * torch::randn({2, 5, 7, 9}) + 3.0;
  values.flatten().slice(0, 0, 4).copy_(torch::tensor({0.0F, -0.0F, 6.0F, 6.5F}));
  return values.contiguous(torch::MemoryFormat::ChannelsLast).to(torch::kBFloat16);
}

class RectifyTest : public testing::TestWithParam<double> {};

TEST_P(RectifyTest, IsTheOneOfFloats) {
  torch::manual_seed(6);
  const double upper = GetParam();
  Tensor values = Values().requires_grad_();
  Tensor floats = values.detach().to(torch::kFloat32).requires_grad_();
  // In place, which leaves of a graph do not allow.
  const Tensor rectified = RectifyBFloat16InPlace(values * 1.0, upper);
  const Tensor expected = torch::hardtanh(floats, 0.0, upper);
  EXPECT_TRUE(torch::equal(rectified.to(torch::kFloat32), expected));
  // In another order of elements than the values.
  const Tensor gradient = torch::randn({2, 5, 7, 9}).to(torch::kBFloat16);
  rectified.backward(gradient);
  expected.backward(gradient.to(torch::kFloat32));
  EXPECT_TRUE(torch::equal(values.grad().to(torch::kFloat32), floats.grad()));
}

TEST_P(RectifyTest, TakesGradientsInItsOwnOrder) {
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

// SPDX-License-Identifier: Apache-2.0
#include "train/optimizer.h"

#include <gtest/gtest.h>

#include <limits>

#include "train/failure.h"

namespace posenet::train {
namespace {

using torch::Tensor;

Tensor Parameter() { return torch::zeros({2, 2}).set_requires_grad(true); }

// Plain gradient descent at the full rate from the first step.
OptimizerOptions PlainOptions() {
  return {.kind = OptimizerKind::kSgd,
          .learning_rate = 0.1,
          .weight_decay = 0.0,
          .schedule = {.kind = ScheduleKind::kConstant, .warmup = 0.0},
          .max_gradient_norm = 10.0};
}

double FirstOf(const Tensor& parameter) { return parameter.flatten()[0].item<double>(); }

TEST(Optimizer, MovesParametersByTheRateOfTheirGroup) {
  const Tensor pretrained = Parameter();
  const Tensor random = Parameter();
  const Tensor loss_parameter = torch::zeros({}).set_requires_grad(true);
  Optimizer optimizer(PlainOptions(), {.pretrained = {pretrained}, .random = {random}, .loss = {loss_parameter}});
  optimizer.Step(pretrained.sum() + random.sum() + loss_parameter, 0, 10);
  EXPECT_NEAR(FirstOf(random), -0.1, 1e-6);
  EXPECT_NEAR(FirstOf(pretrained), -0.1 * Optimizer::kPretrainedRate, 1e-6);
  EXPECT_NEAR(loss_parameter.item<double>(), -0.1 * Optimizer::kLossRate, 1e-6);
}

TEST(Optimizer, MovesWideLayersLess) {
  const Tensor wide = torch::zeros({1, 1024}).set_requires_grad(true);
  OptimizerOptions options = PlainOptions();
  options.max_gradient_norm = 0.0;
  Optimizer optimizer(options, {.pretrained = {}, .random = {wide}, .loss = {}});
  optimizer.Step(wide.sum(), 0, 10);
  EXPECT_NEAR(FirstOf(wide), -0.1 * Optimizer::kFullRateInputs / 1024.0, 1e-6);
}

TEST(Optimizer, LimitsTheGradientNorm) {
  const Tensor parameter = Parameter();
  Optimizer optimizer(PlainOptions(), {.pretrained = {}, .random = {parameter}, .loss = {}});
  optimizer.Step(1000.0 * parameter.sum(), 0, 10);
  EXPECT_NEAR((parameter / 0.1).norm().item<double>(), 10.0, 1e-3);
}

TEST(Optimizer, LeavesParametersUnchangedIfTrainingDiverges) {
  const Tensor parameter = Parameter();
  Optimizer optimizer(PlainOptions(), {.pretrained = {}, .random = {parameter}, .loss = {}});
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_THROW(optimizer.Step(parameter.sum() + kInfinity, 0, 10), TrainError) << "the loss";
  // The derivative of a square root at 0 is infinite.
  EXPECT_THROW(optimizer.Step(parameter.sqrt().sum(), 0, 10), TrainError) << "the gradient";
  EXPECT_TRUE(torch::equal(parameter, torch::zeros({2, 2})));
}

}  // namespace
}  // namespace posenet::train

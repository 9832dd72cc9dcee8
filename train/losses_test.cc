// SPDX-License-Identifier: Apache-2.0
#include "train/losses.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "train/pose_tensors.h"

namespace posenet::train {
namespace {

using torch::Tensor;

// Computes in double precision, for numerical derivatives.
class Doubles : public testing::Test {
 protected:
  Doubles() {
    torch::manual_seed(7);
    torch::set_default_dtype(caffe2::TypeMeta::Make<double>());
  }
  ~Doubles() override { torch::set_default_dtype(caffe2::TypeMeta::Make<float>()); }

  TruePoses truth_ = {.position = torch::randn({6, 3}, torch::kDouble),
                      .rotation = Normalized(torch::randn({6, 4}, torch::kDouble))};
  Tensor base_ = Normalized(torch::randn({4}, torch::kDouble));
};

// The largest difference between the gradient of `function` at `at` and its central difference quotients.
double GradientError(const std::function<Tensor(const Tensor&)>& function, const Tensor& at) {
  Tensor x = at.detach().clone().set_requires_grad(true);
  function(x).backward();
  const Tensor gradient = x.grad().flatten();
  const torch::NoGradGuard no_grad;
  constexpr double kStep = 1e-6;
  double worst = 0.0;
  for (std::int64_t i = 0; i < gradient.numel(); ++i) {
    Tensor plus = at.detach().clone();
    Tensor minus = at.detach().clone();
    plus.flatten()[i] += kStep;
    minus.flatten()[i] -= kStep;
    const double quotient = (function(plus) - function(minus)).item<double>() / (2.0 * kStep);
    worst = std::max(worst, std::abs(quotient - gradient[i].item<double>()));
  }
  return worst;
}

constexpr double kGradientTolerance = 1e-6;

struct Parameterized {
  camera::RotationParameters parameters;
  int size;
};
constexpr Parameterized kBoth[] = {{camera::RotationParameters::kQuaternion, 4},
                                   {camera::RotationParameters::kLogQuaternion, 3}};

class LossGradient : public Doubles {
 protected:
  // Checks the gradients of `loss` with respect to positions and rotations.
  void Check(const std::function<Tensor(const PredictedPoses&)>& loss, int rotation_size) {
    const Tensor position = torch::randn({6, 3});
    const Tensor rotation = 0.4 * torch::randn({6, rotation_size});
    EXPECT_LT(GradientError([&](const Tensor& x) { return loss({.position = x, .rotation = rotation}); }, position),
              kGradientTolerance);
    EXPECT_LT(GradientError([&](const Tensor& q) { return loss({.position = position, .rotation = q}); }, rotation),
              kGradientTolerance);
  }
};

TEST_F(LossGradient, OfBeta) {
  for (const auto& [parameters, size] : kBoth) {
    PoseLoss loss(LossOptions{.kind = LossKind::kBeta, .beta = 2.5});
    Check([&, p = parameters](const PredictedPoses& x) { return loss->Weigh(Distances(x, truth_, p, PoseNorm::kL2)); },
          size);
  }
}

TEST_F(LossGradient, OfLearnedUncertainties) {
  for (const auto& [parameters, size] : kBoth) {
    PoseLoss loss(LossOptions{});
    Check([&, p = parameters](const PredictedPoses& x) { return loss->Weigh(Distances(x, truth_, p, PoseNorm::kL1)); },
          size);
  }
}

TEST_F(LossGradient, OfTheUncertaintiesThemselves) {
  PoseLoss loss(LossOptions{});
  loss->Weigh({.position = torch::tensor(1.4), .rotation = torch::tensor(0.5)});  // Sets s to log L.
  loss->Weigh({.position = torch::tensor(0.7), .rotation = torch::tensor(0.4)}).backward();
  // d/ds (L exp(-s) + s) = 1 - L exp(-s).
  EXPECT_NEAR(loss->named_parameters()["s_x"].grad().item<double>(), 1.0 - 0.7 / 1.4, 1e-9);
  EXPECT_NEAR(loss->named_parameters()["s_q"].grad().item<double>(), 1.0 - 0.4 / 0.5, 1e-9);
}

class LearnedUncertainties : public Doubles {};

TEST_F(LearnedUncertainties, StartWhereTheFirstBatchNeedsThem) {
  PoseLoss loss(LossOptions{.relative = true});
  loss->Weigh({.position = torch::tensor(1.4), .rotation = torch::tensor(0.5)});
  EXPECT_NEAR(loss->s_x(), std::log(1.4), 1e-9);
  EXPECT_NEAR(loss->s_q(), std::log(0.5), 1e-9);
  // Only the first batch, and only of absolute poses.
  loss->WeighRelative({.position = torch::tensor(0.1), .rotation = torch::tensor(0.2)});
  loss->Weigh({.position = torch::tensor(0.1), .rotation = torch::tensor(0.1)});
  EXPECT_NEAR(loss->s_x(), std::log(1.4), 1e-9);
  EXPECT_NEAR(loss->named_parameters()["relative_s_x"].item<double>(), std::log(0.1), 1e-9);
}

TEST_F(LearnedUncertainties, StayFiniteIfCamerasDoNotMove) {
  PoseLoss loss(LossOptions{});
  loss->Weigh({.position = torch::tensor(0.0), .rotation = torch::tensor(0.5)});
  EXPECT_TRUE(std::isfinite(loss->s_x()));
}

TEST_F(LossGradient, OfReprojection) {
  // Points in front of both the true and the predicted camera, so that nothing is clamped.
  for (const auto& [parameters, size] : kBoth) {
    const TruePoses truth = {.position = 0.1 * torch::randn({2, 3}),
                             .rotation = Normalized(torch::tensor({{1.0, 0.05, 0.0, 0.02}, {1.0, 0.0, -0.04, 0.0}}))};
    const Tensor in_front = torch::randn({2, 5, 3}) + torch::tensor({0.0, 0.0, 8.0});
    const VisiblePoints points = {.points = in_front, .mask = torch::ones({2, 5})};
    const Tensor base = torch::tensor({1.0, 0.0, 0.0, 0.0});
    const Tensor position = 0.1 * torch::randn({2, 3});
    Tensor rotation = 0.1 * torch::randn({2, size});
    if (size == 4) rotation.select(1, 0).add_(1.0);
    const auto loss = [&, p = parameters](const Tensor& x, const Tensor& q) {
      return ReprojectionLoss({.position = x, .rotation = q}, truth, points, base, p);
    };
    EXPECT_LT(GradientError([&](const Tensor& x) { return loss(x, rotation); }, position), kGradientTolerance);
    EXPECT_LT(GradientError([&](const Tensor& q) { return loss(position, q); }, rotation), kGradientTolerance);
  }
}

TEST_F(LossGradient, OfRelativeMotions) {
  for (const auto& [parameters, size] : kBoth) {
    PoseLoss loss(LossOptions{.relative = true});
    Check(
        [&, p = parameters](const PredictedPoses& x) {
          return loss->WeighRelative(RelativeDistances(x, truth_, base_, p, /*window=*/3));
        },
        size);
  }
}

class PerfectPredictions : public Doubles {};

TEST_F(PerfectPredictions, HaveNoDistanceForEitherSignOfAQuaternion) {
  for (const auto& [parameters, size] : kBoth) {
    for (const double sign : {1.0, -1.0}) {
      const PredictedPoses predicted = {.position = truth_.position,
                                        .rotation = parameters == camera::RotationParameters::kQuaternion
                                                        ? sign * 3.0 * truth_.rotation
                                                        : ParametersOf(sign * truth_.rotation, parameters)};
      const PoseDistances distances = Distances(predicted, truth_, parameters, PoseNorm::kL1);
      EXPECT_NEAR(distances.position.item<double>(), 0.0, 1e-9);
      EXPECT_NEAR(distances.rotation.item<double>(), 0.0, 1e-5);
      const PoseDistances motions = RelativeDistances(predicted, truth_, base_, parameters, 3);
      EXPECT_NEAR(motions.position.item<double>(), 0.0, 1e-5);
      EXPECT_NEAR(motions.rotation.item<double>(), 0.0, 1e-5);
      // Points in front of the true cameras, in the base's axes.
      const Tensor centers = Rotate(Conjugate(base_).expand({6, 4}), truth_.position);
      const Tensor seen = 0.3 * torch::randn({6, 4, 3}) + torch::tensor({0.0, 0.0, 4.0});
      const VisiblePoints points = {.points = Rotate(truth_.rotation.unsqueeze(1), seen) + centers.unsqueeze(1),
                                    .mask = torch::ones({6, 4})};
      EXPECT_NEAR(ReprojectionLoss(predicted, truth_, points, base_, parameters).item<double>(), 0.0, 1e-4);
    }
  }
}

TEST_F(PerfectPredictions, OfQuaternionsSurviveTheirLogarithms) {
  const Tensor q = truth_.rotation;
  const Tensor back = QuaternionOf(ParametersOf(q, camera::RotationParameters::kLogQuaternion),
                                   camera::RotationParameters::kLogQuaternion);
  EXPECT_LT(AngleDeg(q, back).max().item<double>(), 1e-4);
}

class PoseTensors : public Doubles {};

TEST_F(PoseTensors, RotateCounterclockwise) {
  // A quarter turn about z takes x to y.
  const Tensor quarter = torch::tensor({std::sqrt(0.5), 0.0, 0.0, std::sqrt(0.5)});
  EXPECT_TRUE(torch::allclose(Rotate(quarter, torch::tensor({1.0, 0.0, 0.0})), torch::tensor({0.0, 1.0, 0.0})));
  EXPECT_NEAR(AngleDeg(quarter, torch::tensor({1.0, 0.0, 0.0, 0.0})).item<double>(), 90.0, 1e-9);
}

class Reprojection : public Doubles {};

TEST_F(Reprojection, MatchesAPinholeCamera) {
  // A camera at the origin looks along z; a point at (1, 0, 4) is seen at x = 0.25; from (0.4, 0, 0) at 0.15.
  const TruePoses truth = {.position = torch::zeros({1, 3}), .rotation = torch::tensor({{1.0, 0.0, 0.0, 0.0}})};
  const PredictedPoses predicted = {.position = torch::tensor({{0.4, 0.0, 0.0}}),
                                    .rotation = torch::tensor({{1.0, 0.0, 0.0, 0.0}})};
  const VisiblePoints points = {.points = torch::tensor({{{1.0, 0.0, 4.0}}}), .mask = torch::ones({1, 1})};
  const Tensor base = torch::tensor({1.0, 0.0, 0.0, 0.0});
  EXPECT_NEAR(ReprojectionLoss(predicted, truth, points, base, camera::RotationParameters::kQuaternion).item<double>(),
              0.1, 1e-9);
}

TEST_F(Reprojection, OfPointsBehindThePredictedCameraIsFinite) {
  const TruePoses truth = {.position = torch::zeros({1, 3}), .rotation = torch::tensor({{1.0, 0.0, 0.0, 0.0}})};
  Tensor position = torch::tensor({{0.0, 0.0, 9.0}}).set_requires_grad(true);
  const VisiblePoints points = {.points = torch::tensor({{{0.2, 0.0, 4.0}}}), .mask = torch::ones({1, 1})};
  const Tensor base = torch::tensor({1.0, 0.0, 0.0, 0.0});
  const Tensor loss = ReprojectionLoss({.position = position, .rotation = truth.rotation}, truth, points, base,
                                       camera::RotationParameters::kQuaternion);
  loss.backward();
  EXPECT_TRUE(std::isfinite(loss.item<double>()));
  EXPECT_TRUE(position.grad().isfinite().all().item<bool>());
}

}  // namespace
}  // namespace posenet::train

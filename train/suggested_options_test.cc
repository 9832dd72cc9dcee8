// SPDX-License-Identifier: Apache-2.0
#include "train/suggested_options.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace posenet::train {
namespace {

// Training frames rotated about the vertical axis, `step_deg` apart.
camera::Scene CircleScene(int count, double step_deg) {
  camera::Scene scene;
  for (int i = 0; i < count; ++i) {
    camera::Frame frame;
    const double half_angle = i * step_deg * std::numbers::pi / 180.0 / 2.0;
    frame.world_from_cam.rotation = camera::Quaternion(std::cos(half_angle), 0.0, std::sin(half_angle), 0.0);
    scene.frames.push_back(frame);
  }
  return scene;
}

const camera::Scene kDense = CircleScene(3000, 0.1);

TEST(SuggestedRollDeg, GrowsWithTheGapsBetweenImages) {
  EXPECT_NEAR(SuggestedRollDeg(CircleScene(20, 6.0)), 30.0, 1e-6);
  EXPECT_NEAR(SuggestedRollDeg(CircleScene(5, 60.0)), 45.0, 1e-6) << "the maximum";
}

TEST(SuggestedRollDeg, IsTheDefaultForDenseImagesAndForOne) {
  const double default_deg = AugmentationOptions().roll_deg;
  EXPECT_NEAR(SuggestedRollDeg(kDense), default_deg, 1e-6);
  EXPECT_NEAR(SuggestedRollDeg(CircleScene(1, 0.0)), default_deg, 1e-6);
}

TEST(SuggestedRollDeg, IgnoresTestFrames) {
  camera::Scene scene = CircleScene(10, 6.0);
  for (std::size_t i = 1; i < scene.frames.size(); i += 2) scene.frames[i].split = camera::Split::kTest;
  EXPECT_NEAR(SuggestedRollDeg(scene), 45.0, 1e-6) << "training frames are 12 degrees apart";
}

TEST(SuggestedRateFactor, IsOneForDenseImagesAndFallsToAHalf) {
  EXPECT_NEAR(SuggestedRateFactor(kDense), 1.0, 1e-6);
  const double sparse = SuggestedRateFactor(CircleScene(20, 6.0));
  const double sparser = SuggestedRateFactor(CircleScene(20, 8.0));
  EXPECT_LT(sparse, 1.0);
  EXPECT_LT(sparser, sparse);
  EXPECT_GT(SuggestedRateFactor(CircleScene(5, 60.0)), 0.45);
}

TEST(SuggestedBeta, BalancesTheSpreadOfPositionsAndRotations) {
  // Cameras on a circle of radius 2 that look outwards: their errors do not depend on the unit of length.
  camera::Scene scene = CircleScene(36, 10.0);
  const auto place = [&](double radius) {
    for (std::size_t i = 0; i < scene.frames.size(); ++i) {
      const double angle = static_cast<double>(i) * 10.0 * std::numbers::pi / 180.0;
      scene.frames[i].world_from_cam.translation_m = {radius * std::sin(angle), 0.0, radius * std::cos(angle)};
    }
  };
  place(2.0);
  const double beta = SuggestedBeta(scene);
  EXPECT_GT(beta, 0.5);
  EXPECT_LT(beta, 2.0);
  place(200.0);
  EXPECT_NEAR(SuggestedBeta(scene), beta, 1e-6);
}

TEST(WholeImageInput, KeepsTheShapeInMultiplesOf16) {
  const InputSize landscape = WholeImageInput(640, 480, 256);
  EXPECT_EQ(landscape.width_px, 256);
  EXPECT_EQ(landscape.height_px, 192);
  const InputSize portrait = WholeImageInput(1080, 1920, 256);
  EXPECT_EQ(portrait.width_px, 144);
  EXPECT_EQ(portrait.height_px, 256);
}

TEST(DefaultEpochs, DependOnTheNumberAndSizeOfImages) {
  const ViewOptions view = {.input_width_px = 256, .input_height_px = 192, .crop_from_px = 0};
  const int epochs = DefaultEpochs(1000, view);
  EXPECT_GT(epochs, 20);
  EXPECT_LT(epochs, 80);
  EXPECT_NEAR(DefaultEpochs(500, view), 2 * epochs, 1);
  const ViewOptions half = {.input_width_px = 128, .input_height_px = 96, .crop_from_px = 0};
  EXPECT_NEAR(DefaultEpochs(1000, half), 4 * epochs, 2);
  EXPECT_EQ(DefaultEpochs(10, view), kMaxDefaultEpochs);
  EXPECT_EQ(DefaultEpochs(10'000'000, view), 1);
}

}  // namespace
}  // namespace posenet::train

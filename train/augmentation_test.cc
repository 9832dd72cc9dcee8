// SPDX-License-Identifier: Apache-2.0
#include "train/augmentation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "camera/synth.h"

namespace posenet::train {
namespace {

constexpr int kWidth = 160;
constexpr int kHeight = 120;

camera::Intrinsics Lens(double magnification = 1.0) {
  camera::Intrinsics lens = camera::synth::CameraOfSize(kWidth, kHeight);
  lens.focal_x_px *= magnification;
  lens.focal_y_px *= magnification;
  return lens;
}

ViewCamera ViewOf(const camera::Intrinsics& lens) {
  return {.width_px = lens.width_px,
          .height_px = lens.height_px,
          .focal_px = lens.focal_x_px,
          .center_x_px = lens.center_x_px,
          .center_y_px = lens.center_y_px};
}

class ViewChangeTest : public testing::Test {
 protected:
  // The mean difference, in gray levels, between the warped image and one rendered by the changed camera, over the
  // middle of the image, which both show.
  double DifferenceFromRendering(const ViewChange& change) {
    const camera::RigidPose pose = camera::synth::Walk(camera::synth::Place::kRoom, 5, 0, 3)[2];
    const image::Image before = camera::synth::Render(room_, pose, Lens());
    const image::Image after = camera::synth::Render(room_, ChangedPose(pose, change), Lens(change.magnification));
    std::vector<float> changed(before.rgb.size());
    WarpView(before.rgb, ViewOf(Lens()), change, changed);
    double sum = 0.0;
    int count = 0;
    for (int y = kHeight / 4; y < 3 * kHeight / 4; ++y) {
      for (int x = kWidth / 4; x < 3 * kWidth / 4; ++x) {
        for (int c = 0; c < 3; ++c) {
          const auto at = static_cast<std::size_t>(3 * (y * kWidth + x) + c);
          sum += std::abs(changed[at] - static_cast<float>(after.rgb[at]));
          ++count;
        }
      }
    }
    return sum / count;
  }

  camera::synth::World room_ = camera::synth::MakeWorld(camera::synth::Place::kRoom, {}, 3);
};

camera::Quaternion Turned(const camera::Vector3& axis, double angle_deg) {
  return camera::RotationAbout(axis, angle_deg);
}

// Interpolation blurs: that costs two gray levels. A rotation in the wrong direction, or about another point, costs
// more than ten.
constexpr double kInterpolation = 4.0;

TEST_F(ViewChangeTest, ShowsWhatTheRotatedCameraSees) {
  for (const camera::Vector3& axis :
       {camera::Vector3{0, 0, 1}, camera::Vector3{1, 0, 0}, camera::Vector3{0, 1, 0}, camera::Vector3{1, -2, 2}}) {
    const double right = DifferenceFromRendering({.old_from_new = Turned(axis, 9.0), .magnification = 1.0});
    EXPECT_LT(right, kInterpolation) << axis.x << " " << axis.y << " " << axis.z;
  }
}

TEST_F(ViewChangeTest, ShowsWhatAnotherFocalLengthSees) {
  constexpr double kEnlarged = 1.5 * kInterpolation;  // Enlarging blurs more.
  EXPECT_LT(DifferenceFromRendering({.old_from_new = {}, .magnification = 1.2}), kEnlarged);
  EXPECT_LT(DifferenceFromRendering({.old_from_new = Turned({0, 1, 1}, 8.0), .magnification = 0.9}), kInterpolation);
}

TEST_F(ViewChangeTest, DiffersFromARotationInTheWrongDirection) {
  const camera::RigidPose pose = camera::synth::Walk(camera::synth::Place::kRoom, 5, 0, 3)[2];
  const ViewChange change = {.old_from_new = Turned({0, 0, 1}, 9.0), .magnification = 1.0};
  const image::Image before = camera::synth::Render(room_, pose, Lens());
  const image::Image mistaken = camera::synth::Render(
      room_, ChangedPose(pose, {.old_from_new = Turned({0, 0, 1}, -9.0), .magnification = 1.0}), Lens());
  std::vector<float> changed(before.rgb.size());
  WarpView(before.rgb, ViewOf(Lens()), change, changed);
  double sum = 0.0;
  for (std::size_t i = 0; i < changed.size(); ++i) sum += std::abs(changed[i] - static_cast<float>(mistaken.rgb[i]));
  EXPECT_GT(sum / static_cast<double>(changed.size()), 3.0 * kInterpolation);
}

TEST(ViewChange, OnlyRollsIfTheFocalLengthIsUnknown) {
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    const ViewChange change = DrawViewChange({}, Focal::kUnknown, random);
    EXPECT_EQ(change.old_from_new.x, 0.0);
    EXPECT_EQ(change.old_from_new.y, 0.0);
    const double roll_deg = 2.0 * std::atan2(change.old_from_new.z, change.old_from_new.w) * 180.0 / std::numbers::pi;
    EXPECT_LE(std::abs(roll_deg), AugmentationOptions{}.roll_deg);
  }
}

TEST(ViewChange, RollDoesNotDependOnTheFocalLength) {
  std::vector<std::uint8_t> photo(3 * 40 * 30);
  for (std::size_t i = 0; i < photo.size(); ++i) photo[i] = static_cast<std::uint8_t>(i * 37 % 256);
  const ViewChange change = {.old_from_new = Turned({0, 0, 1}, 12.0), .magnification = 1.0};
  std::vector<float> a(photo.size());
  std::vector<float> b(photo.size());
  WarpView(photo, {.width_px = 40, .height_px = 30, .focal_px = 20.0, .center_x_px = 20.0, .center_y_px = 15.0}, change,
           a);
  WarpView(photo, {.width_px = 40, .height_px = 30, .focal_px = 90.0, .center_x_px = 20.0, .center_y_px = 15.0}, change,
           b);
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-3) << i;
}

TEST(ViewChange, IsTheImageWithoutAChange) {
  std::vector<std::uint8_t> photo(3 * 7 * 5);
  for (std::size_t i = 0; i < photo.size(); ++i) photo[i] = static_cast<std::uint8_t>(i * 11);
  std::vector<float> same(photo.size());
  WarpView(photo, {.width_px = 7, .height_px = 5, .focal_px = 7.0, .center_x_px = 3.0, .center_y_px = 2.5}, {}, same);
  for (std::size_t i = 0; i < photo.size(); ++i) EXPECT_NEAR(same[i], photo[i], 1e-3);
}

TEST(ViewChange, MirrorsTheImageAtItsBorders) {
  constexpr int kSize = 20;
  std::vector<std::uint8_t> photo(3 * kSize * kSize);
  for (std::size_t i = 0; i < photo.size(); ++i) photo[i] = static_cast<std::uint8_t>(i / 3 % kSize * 10);
  std::vector<float> smaller(photo.size());
  WarpView(photo, {.width_px = kSize, .height_px = kSize, .focal_px = 20.0, .center_x_px = 10.0, .center_y_px = 10.0},
           {.old_from_new = {}, .magnification = 0.5}, smaller);
  const auto at = [&](int x) { return smaller[static_cast<std::size_t>(3 * (kSize * kSize / 2 + x))]; };
  // Each pixel covers two of the image: the image itself from 5 to 14, mirrored on both sides.
  EXPECT_FLOAT_EQ(at(5), 5.0F);
  EXPECT_FLOAT_EQ(at(14), 185.0F);
  for (int x = 0; x < 5; ++x) {
    EXPECT_FLOAT_EQ(at(x), at(9 - x)) << x;
    EXPECT_FLOAT_EQ(at(19 - x), at(10 + x)) << x;
  }
}

TEST(ViewChange, FadesOutAtTheEndOfTheTraining) {
  AugmentationOptions options;
  options.zoom = 0.2F;
  options.fade = 0.4F;
  EXPECT_EQ(FadedAt(options, 0.0), options);
  EXPECT_EQ(FadedAt(options, 0.6), options);
  const AugmentationOptions late = FadedAt(options, 0.8);
  EXPECT_FLOAT_EQ(late.roll_deg, 0.5F * options.roll_deg);
  EXPECT_FLOAT_EQ(late.turn_deg, 0.5F * options.turn_deg);
  EXPECT_FLOAT_EQ(late.zoom, 0.1F);
  EXPECT_EQ(late.exposure, options.exposure);
  EXPECT_EQ(FadedAt(options, 1.0).roll_deg, 0.0F);
  options.fade = 0.0F;
  EXPECT_EQ(FadedAt(options, 1.0), options);
}

AugmentationOptions Nothing() {
  return {.exposure = 0,
          .contrast = 0,
          .color = 0,
          .motion_blur = 0,
          .defocus = 0,
          .noise = 0,
          .occlusion = 0,
          .roll_deg = 0,
          .turn_deg = 0,
          .zoom = 0,
          .fade = 0};
}

std::vector<float> Ramp(int width, int height) {
  std::vector<float> image(static_cast<std::size_t>(3 * width * height));
  for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<float>(20 + i % 200);
  return image;
}

TEST(ChangeLook, DoesNothingIfDisabled) {
  std::vector<float> image = Ramp(32, 24);
  Random random(5);
  ChangeLook(Nothing(), 32, 24, random, image);
  EXPECT_EQ(image, Ramp(32, 24));
}

TEST(ChangeLook, ChangesImagesByEachOptionAndStaysInRange) {
  const auto with = [](auto member, float value) {
    AugmentationOptions options = Nothing();
    options.*member = value;
    return options;
  };
  for (const AugmentationOptions& options :
       {with(&AugmentationOptions::exposure, 0.4F), with(&AugmentationOptions::contrast, 0.4F),
        with(&AugmentationOptions::color, 0.4F), with(&AugmentationOptions::motion_blur, 0.3F),
        with(&AugmentationOptions::defocus, 0.1F), with(&AugmentationOptions::noise, 0.1F),
        with(&AugmentationOptions::occlusion, 0.6F)}) {
    int changed = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      std::vector<float> image = Ramp(32, 24);
      Random random(seed);
      ChangeLook(options, 32, 24, random, image);
      changed += image != Ramp(32, 24) ? 1 : 0;
      EXPECT_THAT(image, testing::Each(testing::AllOf(testing::Ge(0.0F), testing::Le(255.0F))));
    }
    EXPECT_GT(changed, 0);
  }
}

TEST(ChangeLook, DependsOnTheSeedAlone) {
  std::vector<float> one = Ramp(32, 24);
  std::vector<float> other = one;
  Random first(9);
  Random second(9);
  ChangeLook({}, 32, 24, first, one);
  ChangeLook({}, 32, 24, second, other);
  EXPECT_EQ(one, other);
}

}  // namespace
}  // namespace posenet::train

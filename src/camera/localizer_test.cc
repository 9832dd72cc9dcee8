// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "camera/camera_network.h"
#include "camera/dropout_split.h"
#include "camera/network_pose.h"
#include "camera/pose_samples.h"
#include "camera/testing/camera_models.h"
#include "image/image.h"
#include "model/random_weights.h"
#include "posenet/camera.h"

namespace posenet::camera {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;

image::Image PlainImage(int width_px, int height_px, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  for (int i = 0; i < width_px * height_px; ++i) image.rgb.insert(image.rgb.end(), {red, green, blue});
  return image;
}

// A horizontal gradient from black to white.
image::Image Ramp(int width_px, int height_px) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(255 * x / (width_px - 1)));
    }
  }
  return image;
}

CameraLocalizer MakeLocalizer(model::LoadedModel model, CameraLocalizerOptions options = {}) {
  options.thread_count = 1;
  return CameraLocalizer::Create(model::MakeModel(std::move(model)).value(), options).value();
}

TEST(CameraLocalizer, AppliesTheSpecToTheOutputs) {
  model::LoadedModel model = MakeTestModel();
  const Quaternion base = RotationAbout({0, 1, 0}, 90.0);
  SetCameraSpec({.origin = {10.0, 20.0, 30.0}, .scale = 5.0, .base_rotation_wxyz = {base.w, base.x, base.y, base.z}},
                model.spec);
  const CameraLocalizer localizer = MakeLocalizer(std::move(model), {.features = CameraFeatures::kReturned});
  const image::Image photo = PlainImage(40, 30, 51, 102, 255);
  const auto estimate = localizer.Localize(photo.View());
  ASSERT_TRUE(estimate.has_value()) << estimate.error().message;
  EXPECT_THAT(estimate->pose.position, Pointwise(DoubleNear(1e-5), {11.0, 22.0, 35.0}));
  // The network rotates about z, relative to the base rotation.
  const double length = std::hypot(2.0, 0.2);
  const Quaternion expected = base * Quaternion{2.0 / length, 0.0, 0.0, 0.2 / length};
  EXPECT_THAT(estimate->pose.rotation_wxyz,
              Pointwise(DoubleNear(1e-6), {expected.w, expected.x, expected.y, expected.z}));
  EXPECT_FALSE(estimate->uncertainty.has_value());
  EXPECT_THAT(estimate->features, Pointwise(FloatNear(1e-6F), {0.2F, 0.4F, 1.0F}));
}

TEST(CameraLocalizer, OutputsFeaturesOnlyOnRequest) {
  EXPECT_TRUE(MakeLocalizer(MakeTestModel()).Localize(PlainImage(2, 2, 1, 2, 3).View()).value().features.empty());
}

TEST(CameraLocalizer, AcceptsLogQuaternions) {
  const CameraLocalizer localizer = MakeLocalizer(
      MakeTestModel({.rotation = RotationParameters::kLogQuaternion, .rotation_bias = {0.3F, 0.0F, 0.0F}}));
  const auto estimate = localizer.Localize(PlainImage(2, 2, 0, 0, 0).View());
  ASSERT_TRUE(estimate.has_value()) << estimate.error().message;
  EXPECT_THAT(estimate->pose.rotation_wxyz, Pointwise(DoubleNear(1e-6), {std::cos(0.3), std::sin(0.3), 0.0, 0.0}));
}

TEST(CameraLocalizer, SeesTheLargestCenteredPart) {
  // A white square between black bars: a square input sees only the middle of a wide photo.
  const CameraLocalizer localizer = MakeLocalizer(MakeTestModel({.input_width_px = 5, .input_height_px = 5}));
  image::Image photo = PlainImage(60, 20, 255, 255, 255);
  for (std::size_t i = 0; i < photo.rgb.size(); ++i) {
    const std::size_t x = i / 3 % 60;
    if (x < 16 || x >= 44) photo.rgb[i] = 0;  // The filter reaches 4 pixels around the view from 20 to 40.
  }
  EXPECT_THAT(localizer.Localize(photo.View()).value().pose.position, Each(DoubleNear(1.0, 1e-5)));
}

TEST(CameraLocalizer, AveragesDenseCrops) {
  const image::Image ramp = Ramp(64, 16);
  const model::LoadedModel model = MakeTestModel({.input_width_px = 8, .input_height_px = 8, .crop_share = 0.5});
  CameraLocalizerOptions options = {.crops = 9, .features = CameraFeatures::kReturned};
  const auto estimate = MakeLocalizer(model, options).Localize(ramp.View());
  ASSERT_TRUE(estimate.has_value()) << estimate.error().message;
  // The mean over crops spread evenly around the center is the value at the center.
  EXPECT_THAT(estimate->pose.position, Each(DoubleNear(0.5, 0.01)));
  EXPECT_THAT(estimate->features, Each(FloatNear(0.5F, 0.01F)));
}

TEST(CameraLocalizer, RefusesCropsForModelsWithoutThem) {
  const Model whole = model::MakeModel(MakeTestModel()).value();
  auto result = CameraLocalizer::Create(whole, {.crops = 128});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(result.error().message, HasSubstr("was trained on whole photos"));
  const Model sequences = model::MakeModel(MakeTestModel({.crop_share = 0.5, .sequence_length = 3})).value();
  result = CameraLocalizer::Create(sequences, {.crops = 128});
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().message, HasSubstr("sequences"));
}

TEST(CameraLocalizer, SamplesUncertaintyByDropout) {
  const model::LoadedModel model = MakeTestModel({.dropout = 0.5F});
  const CameraLocalizer localizer =
      MakeLocalizer(model, {.uncertainty_passes = 400, .features = CameraFeatures::kReturned});
  const image::Image photo = PlainImage(16, 12, 0, 51, 102);
  const auto estimate = localizer.Localize(photo.View());
  ASSERT_TRUE(estimate.has_value()) << estimate.error().message;
  // Each coordinate is 0 or twice its value with equal probability: mean and deviation are the value. With 400 samples,
  // four standard errors are a fifth of it.
  const auto& [x, y, z] = estimate->pose.position;
  EXPECT_EQ(x, 0.0);
  EXPECT_NEAR(y, 0.2, 0.04);
  EXPECT_NEAR(z, 0.4, 0.08);
  ASSERT_TRUE(estimate->uncertainty.has_value());
  EXPECT_EQ(estimate->uncertainty->position_std[0], 0.0);
  EXPECT_NEAR(estimate->uncertainty->position_std[1], 0.2, 0.01);
  EXPECT_NEAR(estimate->uncertainty->position_std[2], 0.4, 0.02);
  EXPECT_NEAR(estimate->uncertainty->position_total_std, std::hypot(0.2, 0.4), 0.02);
  EXPECT_NEAR(estimate->uncertainty->rotation_std_deg, 0.0, 1e-4);
  EXPECT_THAT(estimate->features, Pointwise(FloatNear(1e-6F), {0.0F, 0.2F, 0.4F}));
  // Without passes there is no dropout.
  EXPECT_NEAR(MakeLocalizer(model).Localize(photo.View())->pose.position[2], 0.4, 1e-6);
}

TEST(CameraLocalizer, MeasuresTheSpreadOfRotations) {
  const CameraLocalizer localizer = MakeLocalizer(MakeTestModel({.dropout = 0.5F}), {.uncertainty_passes = 400});
  // The quaternion is (2, 0, 0, 0) or (2, 0, 0, 2): 0 or 90 degrees about z, 45 from their mean.
  const auto estimate = localizer.Localize(PlainImage(16, 12, 255, 0, 0).View());
  ASSERT_TRUE(estimate.has_value()) << estimate.error().message;
  EXPECT_NEAR(estimate->uncertainty->rotation_std_deg, 45.0, 1.0);
}

TEST(CameraLocalizer, IsDeterministicForASeed) {
  const model::LoadedModel model = MakeTestModel({.dropout = 0.5F, .crop_share = 0.5});
  const image::Image photo = Ramp(40, 30);
  const auto position = [&](std::uint64_t seed, int crops) {
    const CameraLocalizer localizer = MakeLocalizer(model, {.crops = crops, .uncertainty_passes = 70, .seed = seed});
    const CameraEstimate first = localizer.Localize(photo.View()).value();
    EXPECT_EQ(localizer.Localize(photo.View())->pose, first.pose);
    return first.pose.position;
  };
  EXPECT_EQ(position(1, 1), position(1, 1));
  EXPECT_NE(position(1, 1), position(2, 1));
  EXPECT_EQ(position(1, 4), position(1, 4));
}

TEST(CameraLocalizer, SamplesNetworksThatCannotBeSplit) {
  // Dropout is the first layer: there is nothing before it. Features are computed without dropout.
  model::LoadedModel model = MakeTestModel();
  nn::Network& network = model.spec.network;
  for (nn::Layer& layer : network.layers) {
    for (int& value : layer.inputs) ++value;
  }
  for (nn::Output& output : network.outputs) ++output.value;
  network.layers.insert(network.layers.begin(),
                        {.name = "dropout", .inputs = {0}, .operation = nn::Dropout{.rate = 0.5F}});
  const CameraLocalizer localizer =
      MakeLocalizer(std::move(model), {.uncertainty_passes = 200, .features = CameraFeatures::kReturned});
  const auto estimate = localizer.Localize(PlainImage(16, 12, 102, 102, 102).View());
  ASSERT_TRUE(estimate.has_value()) << estimate.error().message;
  EXPECT_THAT(estimate->pose.position, Each(DoubleNear(0.4, 0.03)));
  // The mean of 48 pixels that are 0 or 0.8.
  EXPECT_THAT(estimate->uncertainty->position_std, Each(DoubleNear(0.4 / std::sqrt(48.0), 0.02)));
  EXPECT_THAT(estimate->features, Each(FloatNear(0.4F, 1e-5F)));
}

TEST(CameraLocalizer, RefusesPassesWithoutDropout) {
  const auto result = CameraLocalizer::Create(model::MakeModel(MakeTestModel()).value(), {.uncertainty_passes = 40});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(result.error().message, HasSubstr("has no dropout"));
}

TEST(CameraLocalizer, RefusesOutputsThatAreNoPoses) {
  const CameraLocalizer zero = MakeLocalizer(MakeTestModel({.rotation_bias = {0.0F, 0.0F, 0.0F, 0.0F}}));
  const auto no_direction = zero.Localize(PlainImage(4, 4, 0, 0, 0).View());
  ASSERT_FALSE(no_direction.has_value());
  EXPECT_EQ(no_direction.error().code, ErrorCode::kCorruptData);
  EXPECT_THAT(no_direction.error().message, HasSubstr("quaternion of length"));
  // The next photo is localized nevertheless.
  EXPECT_TRUE(zero.Localize(PlainImage(4, 4, 255, 0, 0).View()).has_value());
  model::LoadedModel model = MakeTestModel();
  model.spec.input_scale = std::numeric_limits<float>::max();
  const auto infinite = MakeLocalizer(std::move(model)).Localize(PlainImage(4, 4, 255, 255, 255).View());
  ASSERT_FALSE(infinite.has_value());
  EXPECT_THAT(infinite.error().message, HasSubstr("not finite"));
}

TEST(CameraLocalizer, RefusesAnInvalidView) {
  EXPECT_EQ(MakeLocalizer(MakeTestModel()).Localize({}).error().code, ErrorCode::kInvalidArgument);
}

TEST(CameraLocalizer, RefusesModelsForAnotherTask) {
  model::LoadedModel model = MakeTestModel();
  model.spec.task = "image-classification";
  model.spec.task_json.clear();
  const auto result = CameraLocalizer::Create(model::MakeModel(std::move(model)).value());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(result.error().message, "model tiny-camera is for image-classification; expected one for camera-pose");
}

TEST(CameraLocalizer, RefusesOptionsOutOfRange) {
  const Model model = model::MakeModel(MakeTestModel({.dropout = 0.5F, .crop_share = 0.5})).value();
  for (const CameraLocalizerOptions& options :
       {CameraLocalizerOptions{.crops = 0}, CameraLocalizerOptions{.crops = 2000},
        CameraLocalizerOptions{.uncertainty_passes = 1}, CameraLocalizerOptions{.uncertainty_passes = -1},
        CameraLocalizerOptions{.thread_count = -1}}) {
    const auto result = CameraLocalizer::Create(model, options);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(result.error().message, HasSubstr("expected"));
  }
  EXPECT_EQ(CameraLocalizer::Create(model, {.instruction_set = "Z80"}).error().code, ErrorCode::kUnsupported);
}

TEST(CameraLocalizer, LocalizesSequencesTogether) {
  const CameraLocalizer localizer =
      MakeLocalizer(MakeTestModel({.dropout = 0.5F, .sequence_length = 3}), {.features = CameraFeatures::kReturned});
  EXPECT_EQ(localizer.scene().sequence_length, 3);
  const image::Image dark = PlainImage(9, 9, 51, 51, 51);
  const image::Image light = PlainImage(30, 20, 204, 204, 204);
  const std::vector<ImageView> photos = {dark.View(), light.View()};
  const auto estimates = localizer.LocalizeSequence(photos);
  ASSERT_TRUE(estimates.has_value()) << estimates.error().message;
  ASSERT_EQ(estimates->size(), 2U);
  EXPECT_THAT((*estimates)[0].pose.position, Each(DoubleNear(0.2, 1e-5)));
  EXPECT_THAT((*estimates)[1].pose.position, Each(DoubleNear(0.8, 1e-5)));
  EXPECT_THAT((*estimates)[1].features, Each(FloatNear(0.8F, 1e-5F)));
  EXPECT_EQ(localizer.LocalizeSequence(std::vector<ImageView>(4, dark.View())).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(localizer.LocalizeSequence({}).error().code, ErrorCode::kInvalidArgument);
}

TEST(CameraLocalizer, SamplesSequences) {
  const CameraLocalizer localizer =
      MakeLocalizer(MakeTestModel({.dropout = 0.5F, .sequence_length = 2}), {.uncertainty_passes = 300});
  const image::Image dark = PlainImage(9, 9, 51, 51, 51);
  const image::Image light = PlainImage(9, 9, 204, 204, 204);
  const auto estimates = localizer.LocalizeSequence(std::vector<ImageView>{dark.View(), light.View()});
  ASSERT_TRUE(estimates.has_value()) << estimates.error().message;
  EXPECT_THAT((*estimates)[0].uncertainty->position_std, Each(DoubleNear(0.2, 0.02)));
  EXPECT_THAT((*estimates)[1].uncertainty->position_std, Each(DoubleNear(0.8, 0.08)));
}

// Networks of all architectures, with random weights.
TEST(CameraLocalizer, RunsEveryArchitecture) {
  constexpr CameraArchitecture kSmall = {
      .backbone = model::Backbone::kMobileNet075, .feature_count = 64, .hidden = 8, .dropout = 0.3F};
  CameraArchitecture log = kSmall;
  log.rotation = RotationParameters::kLogQuaternion;
  CameraArchitecture memory = kSmall;
  memory.head = CameraHead::kLstm;
  CameraArchitecture grid = kSmall;
  grid.grid_channels = 4;
  CameraArchitecture frames = kSmall;
  frames.sequence_length = 3;
  const image::Image photo = Ramp(80, 60);
  for (const CameraArchitecture& architecture : {kSmall, log, memory, grid, frames}) {
    const nn::Network network = CameraNetwork(architecture, Auxiliary::kLeaveOut);
    EXPECT_TRUE(SplitAtDropout(network).has_value());
    const CameraSpec spec = {
        .rotation = architecture.rotation, .scene = "synthetic", .sequence_length = architecture.sequence_length};
    const model::LoadedModel model = RandomCameraModel(network, spec, 48, 64, 5).value();
    const CameraEstimate plain = MakeLocalizer(model).Localize(photo.View()).value();
    const CameraLocalizer sampling =
        MakeLocalizer(model, {.uncertainty_passes = 70, .features = CameraFeatures::kReturned});
    const CameraEstimate sampled = sampling.Localize(photo.View()).value();
    EXPECT_EQ(sampled.features.size(), 64U);
    const double spread = sampled.uncertainty->position_total_std;
    EXPECT_GT(spread, 0.0);
    // The mean of many samples is near the pose without dropout: the layers after it are linear.
    const double distance =
        std::hypot(sampled.pose.position[0] - plain.pose.position[0], sampled.pose.position[1] - plain.pose.position[1],
                   sampled.pose.position[2] - plain.pose.position[2]);
    EXPECT_LT(distance, 4.0 * spread / std::sqrt(70.0));
    if (architecture.sequence_length == 1) continue;
    const std::vector<ImageView> photos(3, photo.View());
    EXPECT_EQ(sampling.LocalizeSequence(photos).value().size(), 3U);
  }
}

TEST(CameraLocalizer, IsCalledFromManyThreads) {
  const CameraLocalizer localizer = MakeLocalizer(MakeTestModel());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&localizer, i] {
      const auto value = static_cast<std::uint8_t>(50 * i);
      const image::Image photo = PlainImage(20 + i, 15, value, value, value);
      for (int repeat = 0; repeat < 20; ++repeat) {
        EXPECT_NEAR(localizer.Localize(photo.View()).value().pose.position[0], value / 255.0, 1e-5);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(LogQuaternion, IsTheInverseOfExp) {
  for (const Vector3& v : {Vector3{0, 0, 0}, Vector3{1e-12, 0, 0}, Vector3{0.1, -0.2, 0.3}, Vector3{1.5, 0, 0}}) {
    const Vector3 back = LogQuaternion(ExpQuaternion(v));
    EXPECT_NEAR(Norm(back - v), 0.0, 1e-14);
  }
  // Beyond half a turn the other quaternion of the same rotation is nearer.
  EXPECT_NEAR(Norm(LogQuaternion(ExpQuaternion({0, 2, 0})) - Vector3{0, 2 - 3.141592653589793, 0}), 0.0, 1e-14);
}

TEST(PoseSamples, AreExactForASinglePose) {
  PoseSamples samples;
  const RigidPose pose = {.rotation = RotationAbout({1, 2, 3}, 50.0), .translation_m = {1, 2, 3}};
  samples.Add(pose);
  EXPECT_EQ(samples.Mean(), pose);
  EXPECT_EQ(samples.SpreadAround(pose).position_total_std, 0.0);
}

TEST(PoseSamples, IgnoreSignsOfQuaternions) {
  PoseSamples samples;
  const Quaternion q = RotationAbout({0, 0, 1}, 10.0);
  samples.Add({.rotation = q, .translation_m = {0, 0, 1}});
  samples.Add({.rotation = {-q.w, -q.x, -q.y, -q.z}, .translation_m = {0, 0, 3}});
  const RigidPose mean = samples.Mean();
  EXPECT_NEAR(AngleBetweenDeg(mean.rotation, q), 0.0, 1e-6);
  EXPECT_EQ(mean.translation_m, (Vector3{0, 0, 2}));
  EXPECT_NEAR(samples.SpreadAround(mean).position_std.z, std::sqrt(2.0), 1e-12);
}

}  // namespace
}  // namespace posenet::camera

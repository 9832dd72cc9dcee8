// SPDX-License-Identifier: Apache-2.0
// Localizers of the C interface give the poses of the C++ API.
#include "posenet/camera.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "camera/testing/camera_models.h"
#include "fixture.h"
#include "image/testing/random_image.h"

namespace posenet::c {
namespace {

using camera::MakeTestModel;
using ::testing::ElementsAreArray;

class CCameraTest : public CTest {
 protected:
  LocalizerHandle CreateLocalizer(const model::LoadedModel& model, const posenet_localizer_options* options) {
    posenet_localizer* localizer = nullptr;
    EXPECT_EQ(posenet_localizer_create(LoadModel(model).get(), options, &localizer, error()), POSENET_OK) << message();
    return LocalizerHandle(localizer);
  }

  static void ExpectSame(const posenet_camera_estimate& estimate, const CameraEstimate& expected) {
    EXPECT_THAT(estimate.pose.position, ElementsAreArray(expected.pose.position));
    EXPECT_THAT(estimate.pose.rotation_wxyz, ElementsAreArray(expected.pose.rotation_wxyz));
    EXPECT_EQ(estimate.has_uncertainty, expected.uncertainty ? 1 : 0);
    const CameraUncertainty uncertainty = expected.uncertainty.value_or(CameraUncertainty());
    EXPECT_THAT(estimate.position_std, ElementsAreArray(uncertainty.position_std));
    EXPECT_EQ(estimate.position_total_std, uncertainty.position_total_std);
    EXPECT_EQ(estimate.rotation_std_deg, uncertainty.rotation_std_deg);
    EXPECT_EQ(estimate.feature_count, expected.features.size());
  }

  image::Image image_ = image::RandomRgbImage(40, 30);
};

TEST_F(CCameraTest, LocalizesLikeTheCppApi) {
  const model::LoadedModel model = MakeTestModel({.dropout = 0.5F});
  auto options = Initialized<posenet_localizer_options_init, posenet_localizer_options>();
  options.uncertainty_passes = 10;
  options.seed = 77;
  options.compute_features = 1;
  options.thread_count = 1;
  const LocalizerHandle localizer = CreateLocalizer(model, &options);
  const CameraLocalizer cpp =
      CameraLocalizer::Create(
          model::MakeModel(model).value(),
          {.uncertainty_passes = 10, .seed = 77, .features = CameraFeatures::kReturned, .thread_count = 1})
          .value();
  const CameraEstimate expected = cpp.Localize(image_.View()).value();
  ASSERT_TRUE(expected.uncertainty.has_value());

  const posenet_image image = ImageOf(image_);
  auto estimate = Initialized<posenet_camera_estimate_init, posenet_camera_estimate>();
  ASSERT_EQ(posenet_localizer_localize(localizer.get(), &image, &estimate, error()), POSENET_OK) << message();
  ExpectSame(estimate, expected);

  std::vector<float> features(estimate.feature_count + 1, -1.0F);
  estimate.features = features.data();
  estimate.feature_capacity = features.size();
  ASSERT_EQ(posenet_localizer_localize(localizer.get(), &image, &estimate, error()), POSENET_OK) << message();
  EXPECT_EQ(features.back(), -1.0F);
  features.pop_back();
  EXPECT_EQ(features, expected.features);

  estimate.feature_capacity = features.size() - 1;
  estimate.feature_count = 0;
  ExpectFailed(posenet_localizer_localize(localizer.get(), &image, &estimate, error()), POSENET_INVALID_ARGUMENT,
               "features has room for");
  EXPECT_EQ(estimate.feature_count, expected.features.size());
}

TEST_F(CCameraTest, DefaultsAreThoseOfTheCppApi) {
  const auto options = Initialized<posenet_localizer_options_init, posenet_localizer_options>();
  const CameraLocalizerOptions expected;
  EXPECT_EQ(options.crops, expected.crops);
  EXPECT_EQ(options.uncertainty_passes, expected.uncertainty_passes);
  EXPECT_EQ(options.seed, expected.seed);
  EXPECT_EQ(options.compute_features, 0);
  EXPECT_EQ(options.thread_count, expected.thread_count);
  EXPECT_EQ(options.instruction_set, nullptr);

  const LocalizerHandle localizer = CreateLocalizer(MakeTestModel(), nullptr);
  const posenet_image image = ImageOf(image_);
  auto estimate = Initialized<posenet_camera_estimate_init, posenet_camera_estimate>();
  ASSERT_EQ(posenet_localizer_localize(localizer.get(), &image, &estimate, error()), POSENET_OK) << message();
  const CameraLocalizer cpp = CameraLocalizer::Create(model::MakeModel(MakeTestModel()).value()).value();
  ExpectSame(estimate, cpp.Localize(image_.View()).value());
}

TEST_F(CCameraTest, LocalizesSequencesLikeTheCppApi) {
  const model::LoadedModel model = MakeTestModel({.sequence_length = 3});
  const LocalizerHandle localizer = CreateLocalizer(model, nullptr);
  const CameraLocalizer cpp = CameraLocalizer::Create(model::MakeModel(model).value()).value();
  std::vector<image::Image> frames;
  std::vector<posenet_image> images;
  std::vector<ImageView> views;
  for (unsigned i = 0; i < 3; ++i) frames.push_back(image::RandomRgbImage(30, 20, i));
  for (const image::Image& frame : frames) {
    images.push_back(ImageOf(frame));
    views.push_back(frame.View());
  }
  std::vector<posenet_camera_estimate> estimates(3,
                                                 Initialized<posenet_camera_estimate_init, posenet_camera_estimate>());
  ASSERT_EQ(posenet_localizer_localize_sequence(localizer.get(), images.data(), 3, estimates.data(), error()),
            POSENET_OK)
      << message();
  const auto expected = cpp.LocalizeSequence(views).value();
  for (std::size_t i = 0; i < 3; ++i) ExpectSame(estimates[i], expected[i]);

  ExpectFailed(posenet_localizer_localize_sequence(localizer.get(), images.data(), 4, estimates.data(), error()),
               POSENET_INVALID_ARGUMENT, "count is 4; expected 1 to 3");
  ExpectFailed(posenet_localizer_localize_sequence(localizer.get(), images.data(), 0, estimates.data(), error()),
               POSENET_INVALID_ARGUMENT, "count is 0");
  estimates[1].struct_size = 0;
  ExpectFailed(posenet_localizer_localize_sequence(localizer.get(), images.data(), 3, estimates.data(), error()),
               POSENET_INVALID_ARGUMENT, "struct_size is 0");
}

TEST_F(CCameraTest, TheSceneIsThatOfTheModel) {
  const LocalizerHandle localizer = CreateLocalizer(MakeTestModel({.sequence_length = 3}), nullptr);
  auto scene = Initialized<posenet_camera_scene_init, posenet_camera_scene>();
  ASSERT_EQ(posenet_localizer_get_scene(localizer.get(), &scene, error()), POSENET_OK) << message();
  EXPECT_EQ(std::string(scene.name), "synthetic");
  EXPECT_EQ(scene.length_unit, POSENET_LENGTH_METERS);
  EXPECT_EQ(scene.sequence_length, 3);
}

TEST_F(CCameraTest, ModelsForCamerasDetectNobody) {
  model::LoadedModel model = MakeTestModel();
  posenet_estimator* estimator = nullptr;
  ExpectFailed(posenet_estimator_create(LoadModel(model).get(), nullptr, &estimator, error()), POSENET_UNSUPPORTED, "");
  EXPECT_EQ(estimator, nullptr);
}

}  // namespace
}  // namespace posenet::c

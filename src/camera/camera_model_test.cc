// SPDX-License-Identifier: Apache-2.0
#include "camera/camera_model.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "base/testing/temporary_folder.h"
#include "camera/camera_network.h"
#include "camera/testing/camera_models.h"
#include "model/model_file.h"
#include "posenet/camera.h"

namespace posenet::camera {
namespace {

class CameraModelTest : public ::testing::Test {
 protected:
  CameraModelTest() {
    CameraArchitecture architecture = {.backbone = model::Backbone::kMobileNet075, .head = CameraHead::kLstm};
    architecture.feature_count = 32;
    architecture.hidden = 6;
    architecture.grid_channels = 3;
    model_ = *RandomCameraModel(CameraNetwork(architecture, Auxiliary::kLeaveOut), {.scene = "test"}, 64, 80, 7);
  }

  // A public Model of it can be made; whatever is for camera poses refuses it.
  void ExpectCorrupt(const char* message) {
    EXPECT_THAT(CameraSpecOf(model_), base::FailsWith(ErrorCode::kCorruptData, message));
    const auto model = model::MakeModel(model_);
    ASSERT_THAT(model, base::Succeeds());
    const auto localizer = CameraLocalizer::Create(*model);
    ASSERT_FALSE(localizer.has_value());
    EXPECT_EQ(localizer.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(localizer.error().message, ::testing::HasSubstr(message));
  }

  model::LoadedModel model_;
};

TEST_F(CameraModelTest, AModelFileKeepsTheSpec) {
  const CameraSpec spec = {.scene = "test", .sequence_length = 3};
  SetCameraSpec(spec, model_.spec);
  const base::TemporaryFolder folder;
  const auto path = folder.path() / "camera.safetensors";
  ASSERT_THAT(model::WriteModelFile(path, model_), base::Succeeds());
  const auto read = model::LoadModelFile(path);
  ASSERT_THAT(read, base::Succeeds());
  EXPECT_EQ(CameraSpecOf(*read), spec);
  EXPECT_THAT(model::VerifyModelFile(path), base::Succeeds());
}

TEST_F(CameraModelTest, RefusesASpecOutOfRange) {
  SetCameraSpec({.scale = -1.0}, model_.spec);
  ExpectCorrupt("camera.scale: expected a number above 0, got -1");
  model_.spec.task_json.clear();
  EXPECT_THAT(CameraSpecOf(model_), base::FailsWith(ErrorCode::kCorruptData, "not valid JSON"));
}

TEST_F(CameraModelTest, RefusesOtherTasks) {
  model_.spec.task = kHumanTask;
  EXPECT_THAT(CameraSpecOf(model_),
              base::FailsWith(ErrorCode::kUnsupported, "human-pose; expected one for camera-pose"));
}

TEST_F(CameraModelTest, RequiresTheOutputsOfTheSpec) {
  SetCameraSpec({.rotation = RotationParameters::kLogQuaternion}, model_.spec);
  ExpectCorrupt("output rotation has 4 channels; expected 3");
  SetCameraSpec({}, model_.spec);
  const std::vector<nn::Output> good = model_.spec.network.outputs;
  model_.spec.network.outputs[0].name = "place";
  ExpectCorrupt("output position is missing");
  model_.spec.network.outputs = good;
  model_.spec.network.outputs[0].value = 0;
  ExpectCorrupt("output position has 3 channels in each cell of a map");
}

TEST_F(CameraModelTest, ModelsRefuseWeightsForAnotherSize) {
  model_.spec.input_width_px = 96;
  EXPECT_THAT(model::MakeModel(model_),
              base::FailsWith(ErrorCode::kCorruptData,
                              "layer head/fc: weights for 60 inputs; expected 72 at the model's size"));
}

TEST_F(CameraModelTest, HasNoOutputStride) {
  model_.spec.output_stride = 16;
  EXPECT_FALSE(model::ValidateModel(model_).has_value());
}

}  // namespace
}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
#include "model/camera_model.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/testing/temporary_folder.h"
#include "model/camera_network.h"
#include "model/model_file.h"
#include "model/random_weights.h"
#include "model/testing/bytes.h"

namespace posenet::model {
namespace {

class CameraModelTest : public ::testing::Test {
 protected:
  CameraModelTest() {
    CameraArchitecture architecture = {.backbone = Backbone::kMobileNet075, .head = CameraHead::kLstm};
    architecture.feature_count = 32;
    architecture.hidden = 6;
    architecture.grid_channels = 3;
    model_ = *RandomCameraModel(CameraNetwork(architecture, Auxiliary::kLeaveOut), {.scene = "test"}, 64, 80, 7);
  }

  void ExpectCorrupt(const char* message) {
    EXPECT_THAT(ValidateModel(model_), base::FailsWith(ErrorCode::kCorruptData, message));
    EXPECT_THAT(MakeModel(model_), base::FailsWith(ErrorCode::kCorruptData, message));
  }

  LoadedModel model_;
};

TEST_F(CameraModelTest, AcceptsAModelAndItsFile) {
  EXPECT_THAT(ValidateModel(model_), base::Succeeds());
  model_.spec.camera->sequence_length = 3;
  const base::TemporaryFolder folder;
  const auto path = folder.path() / "camera.safetensors";
  ASSERT_THAT(WriteModelFile(path, model_), base::Succeeds());
  const auto read = LoadModelFile(path);
  ASSERT_THAT(read, base::Succeeds());
  EXPECT_EQ(read->spec.camera, model_.spec.camera);
  EXPECT_THAT(VerifyModelFile(path), base::Succeeds());
}

TEST_F(CameraModelTest, RefusesASpecOutOfRange) {
  const CameraSpec good = *model_.spec.camera;
  model_.spec.camera->scale = -1.0;
  ExpectCorrupt("scale is -1");
  model_.spec.camera = good;
  model_.spec.camera->origin[1] = std::numeric_limits<double>::infinity();
  ExpectCorrupt("origin");
  model_.spec.camera = good;
  model_.spec.camera->base_rotation_wxyz = {1.0, 1e-2, 0.0, 0.0};
  ExpectCorrupt("base rotation");
  model_.spec.camera = good;
  model_.spec.camera->crop_share = 0.0;
  ExpectCorrupt("crop share");
  model_.spec.camera = good;
  model_.spec.camera->sequence_length = 0;
  ExpectCorrupt("a sequence of 0 frames");
  model_.spec.camera.reset();
  ExpectCorrupt("does not say");
}

TEST_F(CameraModelTest, RefusesOutputsThatAreNotAsPromised) {
  model_.spec.camera->rotation = RotationParameters::kLogQuaternion;
  ExpectCorrupt("output rotation has 4 channels; expected 3");
  model_.spec.camera->rotation = RotationParameters::kQuaternion;
  const std::vector<nn::Output> good = model_.spec.network.outputs;
  model_.spec.network.outputs[0].name = "place";
  ExpectCorrupt("output position is missing");
  model_.spec.network.outputs = good;
  model_.spec.network.outputs[0].value = 0;
  ExpectCorrupt("output position has 3 channels in each cell of a map");
}

TEST_F(CameraModelTest, RefusesWeightsForAnotherSize) {
  model_.spec.input_width_px = 96;
  ExpectCorrupt("layer head/fc: weights for 60 inputs; expected 72 at the model's size");
}

TEST_F(CameraModelTest, HasNoOutputStride) {
  model_.spec.output_stride = 16;
  EXPECT_FALSE(ValidateModel(model_).has_value());
}

}  // namespace
}  // namespace posenet::model

// SPDX-License-Identifier: Apache-2.0
#include "camera/camera_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "camera/testing/camera_models.h"
#include "model/random_weights.h"
#include "model/testing/bytes.h"
#include "nn/plan.h"

namespace posenet::camera {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<std::string> OutputNames(const nn::Network& network) {
  std::vector<std::string> names;
  for (const nn::Output& output : network.outputs) names.push_back(output.name);
  return names;
}

std::map<std::string, nn::Shape> OutputShapes(const nn::Network& network, const nn::Shape& input) {
  const auto shapes = nn::InferShapes(network, input);
  EXPECT_THAT(shapes, base::Succeeds());
  std::map<std::string, nn::Shape> named;
  for (const nn::Output& output : network.outputs) {
    named[output.name] = (*shapes)[static_cast<std::size_t>(output.value)];
  }
  return named;
}

const nn::Layer* FindLayer(const nn::Network& network, const std::string& name) {
  for (const nn::Layer& layer : network.layers) {
    if (layer.name == name) return &layer;
  }
  return nullptr;
}

TEST(CameraNetwork, OutputsPositionRotationAndFeatures) {
  for (const model::Backbone backbone :
       {model::Backbone::kMobileNet100, model::Backbone::kMobileNet075, model::Backbone::kGoogLeNet,
        model::Backbone::kGoogLeNetBn, model::Backbone::kResNet34}) {
    for (const CameraHead head : {CameraHead::kFullyConnected, CameraHead::kLstm}) {
      for (const int sequence_length : {1, 5}) {
        for (const int grid_channels : {0, 24}) {
          CameraArchitecture architecture = {.backbone = backbone, .head = head};
          architecture.sequence_length = sequence_length;
          architecture.grid_channels = grid_channels;
          architecture.rotation = RotationParameters::kLogQuaternion;
          const nn::Network network = CameraNetwork(architecture, Auxiliary::kLeaveOut);
          EXPECT_THAT(OutputNames(network), ElementsAre(kPositionOutput, kRotationOutput, kFeaturesOutput));
          const auto shapes = OutputShapes(network, {3, 160, 224, 3});
          EXPECT_EQ(shapes.at(kPositionOutput), (nn::Shape{3, 1, 1, 3}));
          EXPECT_EQ(shapes.at(kRotationOutput), (nn::Shape{3, 1, 1, 3}));
          EXPECT_EQ(shapes.at(kFeaturesOutput), (nn::Shape{3, 1, 1, 2048}));
        }
      }
    }
  }
  const nn::Network network = CameraNetwork({}, Auxiliary::kLeaveOut);
  EXPECT_EQ(OutputShapes(network, {1, 64, 64, 3}).at(kRotationOutput).channels, 4);
}

TEST(CameraNetwork, ReadsFeaturesAsAGrid) {
  const auto rows_of = [](int feature_count) {
    const nn::Network network =
        CameraNetwork({.head = CameraHead::kLstm, .feature_count = feature_count}, Auxiliary::kLeaveOut);
    const nn::Layer* layer = FindLayer(network, "head/columns_reverse");
    EXPECT_NE(layer, nullptr);
    return std::get<nn::Lstm>(layer->operation).rows;
  };
  EXPECT_EQ(rows_of(2048), 32);
  EXPECT_EQ(rows_of(1024), 32);
  EXPECT_EQ(rows_of(1023), 16);
  EXPECT_EQ(rows_of(1), 1);
}

TEST(CameraNetwork, IncludesAuxiliaryTowersOnRequest) {
  const CameraArchitecture architecture = {.backbone = model::Backbone::kGoogLeNet, .head = CameraHead::kLstm};
  const nn::Network network = CameraNetwork(architecture, Auxiliary::kInclude);
  EXPECT_THAT(OutputNames(network),
              UnorderedElementsAre(kPositionOutput, kRotationOutput, kFeaturesOutput, "aux1/position", "aux1/rotation",
                                   "aux2/position", "aux2/rotation"));
  EXPECT_NE(FindLayer(network, "aux2/rows_forward"), nullptr);
  for (const int size : {48, 224, 256}) {
    const auto shapes = OutputShapes(network, {1, size, size, 3});
    EXPECT_EQ(shapes.at("aux2/rotation"), (nn::Shape{1, 1, 1, 4}));
  }
  const nn::Network without = CameraNetwork({.backbone = model::Backbone::kResNet34}, Auxiliary::kInclude);
  EXPECT_EQ(OutputNames(without).size(), 3U);
}

TEST(CameraNetwork, RunsWithRandomWeights) {
  CameraArchitecture architecture = {.backbone = model::Backbone::kGoogLeNetBn, .head = CameraHead::kLstm};
  architecture.sequence_length = 3;
  architecture.feature_count = 128;
  architecture.hidden = 9;
  architecture.grid_channels = 5;
  const auto model = RandomCameraModel(CameraNetwork(architecture, Auxiliary::kInclude), {}, 64, 80, 1);
  ASSERT_THAT(model, base::Succeeds());
  const auto packed = nn::PackedNetwork::Create(model->spec.network, model->weights);
  ASSERT_THAT(packed, base::Succeeds());
  const auto plan = nn::Plan::Create(*packed, {3, 64, 80, 3});
  ASSERT_THAT(plan, base::Succeeds());
  const auto context = nn::Context::Create(*plan);
  ASSERT_THAT(context, base::Succeeds());
  base::ThreadPool pool(2);
  for (std::size_t i = 0; i < (*context)->input().size(); ++i) {
    (*context)->input()[i] = static_cast<float>(i % 17) / 8.5F - 1.0F;
  }
  (*plan)->Run(**context, pool);
  EXPECT_THAT((*context)->output(0), ::testing::Each(::testing::Truly([](float x) { return std::isfinite(x); })));
}

TEST(CameraHead, RoundTripsThroughItsName) {
  for (const CameraHead head : {CameraHead::kFullyConnected, CameraHead::kLstm}) {
    EXPECT_EQ(CameraHeadOf(CameraHeadName(head)), head);
  }
  EXPECT_THAT(CameraHeadOf("gru"), base::FailsWith(ErrorCode::kInvalidArgument, "fc or lstm"));
}

TEST(ClassifierNetwork, OutputsLogits) {
  const nn::Network network = ClassifierNetwork(model::Backbone::kGoogLeNet, 1000, Auxiliary::kInclude);
  EXPECT_THAT(OutputNames(network), ElementsAre("logits", "aux1/logits", "aux2/logits"));
  for (const auto& [name, shape] : OutputShapes(network, {2, 224, 224, 3})) {
    EXPECT_EQ(shape, (nn::Shape{2, 1, 1, 1000})) << name;
  }
  const nn::Network resnet = ClassifierNetwork(model::Backbone::kResNet34, 10, Auxiliary::kInclude);
  EXPECT_THAT(OutputNames(resnet), ElementsAre("logits"));
  EXPECT_EQ(FindLayer(resnet, "dropout"), nullptr);
}

}  // namespace
}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
#include "model/backbone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "model/testing/bytes.h"

namespace posenet::model {
namespace {

constexpr Backbone kBackbones[] = {Backbone::kMobileNet100, Backbone::kMobileNet075, Backbone::kGoogLeNet,
                                   Backbone::kGoogLeNetBn, Backbone::kResNet34};

struct Built {
  nn::Network network;
  BackboneTaps taps;
};

Built Build(Backbone backbone) {
  NetworkBuilder builder(3);
  const BackboneTaps taps = AppendBackbone(backbone, builder);
  builder.Output("features", taps.features.value);
  return {std::move(builder).Build(), taps};
}

// The shape of the result of layer `name`.
nn::Shape ShapeOf(const Built& built, const std::string& name, int size) {
  const auto shapes = nn::InferShapes(built.network, {1, size, size, 3});
  EXPECT_THAT(shapes, base::Succeeds());
  for (std::size_t i = 0; i < built.network.layers.size(); ++i) {
    if (built.network.layers[i].name == name) return (*shapes)[i + 1];
  }
  ADD_FAILURE() << "no layer " << name;
  return {};
}

TEST(Backbone, IsFoundByItsName) {
  for (const Backbone backbone : kBackbones) EXPECT_EQ(BackboneOf(BackboneName(backbone)), backbone);
  EXPECT_THAT(BackboneOf("vgg16"),
              base::FailsWith(ErrorCode::kInvalidArgument, "mobilenet100, mobilenet075, googlenet"));
}

TEST(Backbone, ReportsChannelsAndTaps) {
  const std::pair<Backbone, int> kChannels[] = {{Backbone::kMobileNet100, 1024},
                                                {Backbone::kMobileNet075, 384},
                                                {Backbone::kGoogLeNet, 1024},
                                                {Backbone::kGoogLeNetBn, 1024},
                                                {Backbone::kResNet34, 512}};
  for (const auto& [backbone, channels] : kChannels) {
    SCOPED_TRACE(BackboneName(backbone));
    const Built built = Build(backbone);
    EXPECT_EQ(built.taps.features.channels, channels);
    const auto shapes = nn::InferShapes(built.network, {1, 224, 224, 3});
    ASSERT_THAT(shapes, base::Succeeds());
    const int cells = backbone == Backbone::kMobileNet075 ? 14 : 7;
    EXPECT_EQ(shapes->back(), (nn::Shape{1, cells, cells, channels}));
    const bool is_googlenet = backbone == Backbone::kGoogLeNet || backbone == Backbone::kGoogLeNetBn;
    ASSERT_EQ(built.taps.auxiliary.size(), is_googlenet ? 2U : 0U);
    for (const Features& tap : built.taps.auxiliary) {
      EXPECT_EQ((*shapes)[static_cast<std::size_t>(tap.value)], (nn::Shape{1, 14, 14, tap.channels}));
    }
  }
}

TEST(Backbone, HasTheParametersOfItsSource) {
  // torchvision counts 21,284,672 in resnet34 without fc, of which 17,024 are scales and shifts of 8,512 channels each.
  // Folded, the shifts remain as biases.
  EXPECT_EQ(ParameterCount(Build(Backbone::kResNet34).network), 21'284'672 - 8'512);
  // 6,998,552 in the Caffe model, whose classifier has 1000 * 1025.
  EXPECT_EQ(ParameterCount(Build(Backbone::kGoogLeNet).network), 6'998'552 - 1'025'000);
  // 6,624,904 in torchvision's without auxiliary classifiers, 7,280 channels of which are normalized.
  EXPECT_EQ(ParameterCount(Build(Backbone::kGoogLeNetBn).network), 6'624'904 - 1'025'000 - 7'280);
}

TEST(Backbone, GoogLeNetHasTheMapsOfThePaper) {
  const Built built = Build(Backbone::kGoogLeNet);
  EXPECT_EQ(ShapeOf(built, "conv1/7x7_s2", 224), (nn::Shape{1, 112, 112, 64}));
  EXPECT_EQ(ShapeOf(built, "pool1/norm1", 224), (nn::Shape{1, 56, 56, 64}));
  EXPECT_EQ(ShapeOf(built, "pool2/3x3_s2", 224), (nn::Shape{1, 28, 28, 192}));
  EXPECT_EQ(ShapeOf(built, "inception_3b/output", 224), (nn::Shape{1, 28, 28, 480}));
  EXPECT_EQ(ShapeOf(built, "inception_4d/output", 224), (nn::Shape{1, 14, 14, 528}));
  EXPECT_EQ(ShapeOf(built, "pool4/3x3_s2", 224), (nn::Shape{1, 7, 7, 832}));
}

TEST(Backbone, TorchGoogLeNetHasSmallWindows) {
  const Built built = Build(Backbone::kGoogLeNetBn);
  EXPECT_EQ(ShapeOf(built, "inception5b.branch3.1", 224), (nn::Shape{1, 7, 7, 128}));
  EXPECT_EQ(ShapeOf(built, "inception4e", 224), (nn::Shape{1, 14, 14, 832}));
  for (const nn::Layer& layer : built.network.layers) {
    const auto* conv = std::get_if<nn::Conv2d>(&layer.operation);
    if (conv != nullptr) {
      EXPECT_EQ(conv->window.kernel_height > 3, layer.name == "conv1") << layer.name;
    }
    const auto* pool = std::get_if<nn::Pool>(&layer.operation);
    if (pool != nullptr) {
      EXPECT_EQ(pool->window.kernel_height, layer.name == "maxpool4" ? 2 : 3) << layer.name;
    }
  }
}

TEST(Backbone, NormalizesImagesAsItsSource) {
  const BackboneInput resnet = InputOf(Backbone::kResNet34);
  constexpr float kDeviations[] = {0.229F, 0.224F, 0.225F};
  constexpr float kMeans[] = {0.485F, 0.456F, 0.406F};
  for (std::size_t c = 0; c < 3; ++c) {
    const float entered = (200.0F * resnet.scale + resnet.bias[c]) * (0.226F / kDeviations[c]);
    EXPECT_NEAR(entered, (200.0F / 255.0F - kMeans[c]) / kDeviations[c], 1e-5F);
  }
  EXPECT_FLOAT_EQ(255.0F * InputOf(Backbone::kMobileNet100).scale + InputOf(Backbone::kMobileNet100).bias[1], 1.0F);
  EXPECT_EQ(InputOf(Backbone::kGoogLeNet).bias[0], -123.0F);
}

}  // namespace
}  // namespace posenet::model

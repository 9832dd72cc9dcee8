// SPDX-License-Identifier: Apache-2.0
#include "model/resnet.h"

#include <gtest/gtest.h>

#include "model/output_stride.h"
#include "model/testing/bytes.h"

namespace posenet::model {
namespace {

TEST(ResNet, HasTheParametersOfResNet50) {
  // He et al.'s network without its classifier has 23,508,032 parameters, of which 53,120 are the scales and shifts of
  // its batch normalizations, one pair for each of 26,560 channels. Folded, the shifts remain as biases.
  constexpr std::int64_t kFolded = 23'508'032 - 53'120 + 26'560;
  constexpr std::int64_t kHeads = (2048 + 1) * (17 + 34 + 32 + 32);
  EXPECT_EQ(ParameterCount(ResNetNetwork(ResNet50Shape(), 32)), kFolded + kHeads);
  EXPECT_EQ(ParameterCount(ResNetNetwork(ResNet50Shape(), 16)), kFolded + kHeads);
}

TEST(ResNet, HasTheWantedOutputStride) {
  for (const int output_stride : {4, 8, 16, 32}) {
    const nn::Network network = ResNetNetwork(ResNet50Shape(), output_stride);
    EXPECT_EQ(OutputStrideOf(network), output_stride);
    const auto shapes = nn::InferShapes(network, {.height = 257, .width = 257, .channels = 3});
    ASSERT_THAT(shapes, base::Succeeds());
    EXPECT_EQ(shapes->back().height, 256 / output_stride + 1);
  }
}

TEST(ResNet, HasItsStridesInTheLastUnits) {
  const nn::Network network = ResNetNetwork(ResNet50Shape(), 16);
  int dilated = 0;
  for (const nn::Layer& layer : network.layers) {
    const auto* conv = std::get_if<nn::Conv2d>(&layer.operation);
    if (conv == nullptr) continue;
    const bool is_strided =
        layer.name == "conv1" || layer.name == "block1/unit3/conv2" || layer.name == "block2/unit4/conv2";
    EXPECT_EQ(conv->window.stride_height, is_strided ? 2 : 1) << layer.name;
    EXPECT_EQ(conv->window.padding.mode == nn::PaddingMode::kExplicit, is_strided) << layer.name;
    if (conv->window.dilation_height == 2) {
      ++dilated;
      EXPECT_TRUE(layer.name.starts_with("block4/") && layer.name.ends_with("/conv2")) << layer.name;
    }
  }
  EXPECT_EQ(dilated, 3);
}

}  // namespace
}  // namespace posenet::model

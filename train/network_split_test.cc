// SPDX-License-Identifier: Apache-2.0
#include "train/network_split.h"

#include <gtest/gtest.h>

#include "camera/camera_network.h"
#include "train/failure.h"

namespace posenet::train {
namespace {

TEST(SplitAfterConvolutions, CutsWhereOneValueIsReadByAllLaterLayers) {
  const nn::Network network =
      camera::CameraNetwork({.backbone = model::Backbone::kResNet34}, camera::Auxiliary::kLeaveOut);
  for (const int frozen : {1, 2, 5, 20}) {
    const SplitNetwork split = SplitAfterConvolutions(network, frozen);
    EXPECT_GE(ConvolutionCount(split.stem), frozen);
    EXPECT_EQ(split.stem.layers.size() + split.rest.layers.size(), network.layers.size());
    EXPECT_TRUE(nn::InferChannels(split.stem).has_value());
    EXPECT_TRUE(nn::InferChannels(split.rest).has_value());
  }
}

TEST(SplitAfterConvolutions, LeavesTheNetworkWholeIfNothingIsFrozen) {
  const nn::Network network =
      camera::CameraNetwork({.backbone = model::Backbone::kResNet34}, camera::Auxiliary::kLeaveOut);
  const SplitNetwork whole = SplitAfterConvolutions(network, 0);
  EXPECT_TRUE(whole.stem.layers.empty());
  EXPECT_EQ(whole.rest.layers.size(), network.layers.size());
}

TEST(SplitAfterConvolutions, RejectsMoreConvolutionsThanThereAre) {
  const nn::Network network =
      camera::CameraNetwork({.backbone = model::Backbone::kResNet34}, camera::Auxiliary::kLeaveOut);
  EXPECT_THROW(SplitAfterConvolutions(network, 1000), TrainError);
}

}  // namespace
}  // namespace posenet::train

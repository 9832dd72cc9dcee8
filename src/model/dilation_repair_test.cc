// SPDX-License-Identifier: Apache-2.0
#include "model/dilation_repair.h"

#include <gtest/gtest.h>

#include "model/layer_window.h"
#include "model/mobilenet.h"
#include "model/output_stride.h"

namespace posenet::model {
namespace {

// MobileNetV1 1.0 at stride 16 with the last depthwise layer as in the released graph.
nn::Network ReleasedNetwork() {
  nn::Network network = MobileNetV1Network(1.0F, 16);
  for (nn::Layer& layer : network.layers) {
    nn::Window* window = WindowOf(layer);
    if (window != nullptr && window->dilation_width == 2) window->dilation_width = 1;
  }
  return network;
}

std::vector<nn::Window> Windows(const nn::Network& network) {
  std::vector<nn::Window> windows;
  for (const nn::Layer& layer : network.layers) {
    if (const nn::Window* window = WindowOf(layer)) windows.push_back(*window);
  }
  return windows;
}

TEST(DilationRepair, FindsAndRepairsTheLopsidedLayer) {
  const nn::Network released = ReleasedNetwork();
  EXPECT_EQ(LopsidedLayers(released).size(), 1U);
  const auto repaired = WithRepairedDilation(released);
  ASSERT_TRUE(repaired.has_value());
  EXPECT_TRUE(LopsidedLayers(*repaired).empty());
  EXPECT_EQ(Windows(*repaired), Windows(MobileNetV1Network(1.0F, 16)));
}

TEST(DilationRepair, LeavesSoundNetworksUnchanged) {
  const nn::Network even = MobileNetV1Network(1.0F, 8);
  EXPECT_TRUE(LopsidedLayers(even).empty());
  EXPECT_EQ(Windows(*WithRepairedDilation(even)), Windows(even));
}

TEST(DilationRepair, RefusesExplicitPadding) {
  nn::Network network = ReleasedNetwork();
  for (nn::Layer& layer : network.layers) {
    if (layer.name == LopsidedLayers(network).front()) {
      WindowOf(layer)->padding = {nn::PaddingMode::kExplicit, 2, 2, 1, 1};
    }
  }
  const auto repaired = WithRepairedDilation(network);
  ASSERT_FALSE(repaired.has_value());
  EXPECT_EQ(repaired.error().code, ErrorCode::kUnsupported);
}

TEST(DilationRepair, OtherOutputStridesAreDerivedFromTheRepairedNetwork) {
  for (const int stride : {8, 32}) {
    const auto derived = WithOutputStride(ReleasedNetwork(), stride);
    ASSERT_TRUE(derived.has_value()) << derived.error().message;
    EXPECT_EQ(Windows(*derived), Windows(MobileNetV1Network(1.0F, stride)));
  }
  EXPECT_EQ(Windows(*WithOutputStride(ReleasedNetwork(), 16)), Windows(ReleasedNetwork()));
}

}  // namespace
}  // namespace posenet::model

// SPDX-License-Identifier: Apache-2.0
#include "import/architecture.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "model/model_spec.h"

namespace posenet::importer {
namespace {

// Counts that distinguish the families.
struct Census {
  int first_channels = 0;          // Of the first convolution; 0 before it.
  int depthwise_convolutions = 0;  // Larger than 1x1: 1x1 ones only scale.
  int sums = 0;
};

Census Count(const nn::Network& network) {
  Census census;
  for (const nn::Layer& layer : network.layers) {
    if (std::holds_alternative<nn::Add>(layer.operation)) ++census.sums;
    const auto count = [&census](const auto& conv) {
      if (census.first_channels == 0) census.first_channels = conv.out_channels;
      if (conv.groups > 1 && conv.groups == conv.out_channels && conv.window.kernel_height > 1) {
        ++census.depthwise_convolutions;
      }
    };
    if (const auto* conv = std::get_if<nn::Conv2d>(&layer.operation)) count(*conv);
    if (const auto* conv = std::get_if<nn::QuantizedConv2d>(&layer.operation)) count(*conv);
  }
  return census;
}

constexpr int kMobileNetDepthwiseConvolutions = 13;  // Howard et al. 2017, table 1.
constexpr int kResNet50Units = 16;                   // 3 + 4 + 6 + 3: He et al. 2016, table 1.

bool HasOutput(const nn::Network& network, std::string_view name) {
  return std::any_of(network.outputs.begin(), network.outputs.end(),
                     [name](const nn::Output& output) { return output.name == name; });
}

// [0, 255] to [-1, 1].
Architecture MobileNetLike(std::string name, std::string description) {
  return {std::move(name), std::move(description), 1.0F / 127.5F, {-1.0F, -1.0F, -1.0F}};
}

// Subtracts the mean color of ImageNet.
Architecture ResNetLike(std::string name, std::string description) {
  return {std::move(name), std::move(description), 1.0F, {-123.15F, -115.90F, -103.06F}};
}

// A MoveNet takes images in [-1, 1] as MobileNets do. Sizes: tfhub.dev/google/movenet; that for several people has no
// size of its own.
Architecture MoveNet(const Census& census, const nn::Network& network) {
  Architecture architecture = MobileNetLike("movenet", "MoveNet");
  architecture.input_size_px = 256;
  if (HasOutput(network, model::kBoxScaleOutput)) {
    architecture.name = "movenet-multipose";
    architecture.description = "MoveNet MultiPose";
  } else if (census.first_channels == 32) {
    architecture.name = "movenet-lightning";
    architecture.description = "MoveNet Lightning";
    architecture.input_size_px = 192;
  } else if (census.first_channels == 56) {
    architecture.name = "movenet-thunder";
    architecture.description = "MoveNet Thunder";
  }
  return architecture;
}

}  // namespace

Architecture RecognizeArchitecture(const nn::Network& network) {
  const Census census = Count(network);
  if (HasOutput(network, model::kCenterOutput)) return MoveNet(census, network);
  if (census.depthwise_convolutions == kMobileNetDepthwiseConvolutions) {
    switch (census.first_channels) {
      case 32:
        return MobileNetLike("mobilenet100", "MobileNetV1 1.0");
      case 24:
        return MobileNetLike("mobilenet075", "MobileNetV1 0.75");
      case 16:
        return MobileNetLike("mobilenet050", "MobileNetV1 0.50");
      default:
        return MobileNetLike("custom", "MobileNetV1");
    }
  }
  if (census.sums == kResNet50Units) return ResNetLike("resnet50", "ResNet50");
  if (census.sums > 0) return ResNetLike("custom", "ResNet");
  return MobileNetLike("custom", "custom");
}

}  // namespace posenet::importer

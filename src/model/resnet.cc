// SPDX-License-Identifier: Apache-2.0
#include "model/resnet.h"

#include <string>
#include <utility>

#include "model/network_builder.h"

namespace posenet::model {
namespace {

constexpr int kExpansion = 4;

// TF-slim pads strided windows explicitly and evenly, so that cells stay aligned for inputs of any size.
nn::Padding PaddingFor(int kernel, WindowStep step) {
  if (step.stride == 1) return {.mode = nn::PaddingMode::kSame};
  const int total = (kernel - 1) * step.dilation;
  const int before = total / 2;
  const int after = total - before;
  return {.mode = nn::PaddingMode::kExplicit, .top = before, .bottom = after, .left = before, .right = after};
}

// The shortcut around the three convolutions of a unit.
int Shortcut(NetworkBuilder& builder, const std::string& unit, Features input, int out_channels, WindowStep step) {
  if (input.channels != out_channels) {
    return builder.Conv(unit + "/shortcut", input.value, {.step = step, .out_channels = out_channels});
  }
  if (step.stride == 1) return input.value;
  return builder.MaxPool(unit + "/shortcut", input.value, 1, step.stride);
}

Features Bottleneck(NetworkBuilder& builder, const std::string& unit, Features input, int base, WindowStep step) {
  constexpr auto kRelu = nn::Activation::kRelu;
  int value = builder.Conv(unit + "/conv1", input.value, {.out_channels = base, .activation = kRelu});
  value = builder.Conv(
      unit + "/conv2", value,
      {.kernel = 3, .step = step, .padding = PaddingFor(3, step), .out_channels = base, .activation = kRelu});
  const int out_channels = kExpansion * base;
  value = builder.Conv(unit + "/conv3", value, {.out_channels = out_channels});
  const int shortcut = Shortcut(builder, unit, input, out_channels, step);
  return {builder.Add(unit, shortcut, value, kRelu), out_channels};
}

}  // namespace

ResNetShape ResNet50Shape() { return {.stem_channels = 64, .blocks = {{3, 64}, {4, 128}, {6, 256}, {3, 512}}}; }

nn::Network ResNetNetwork(const ResNetShape& shape, int output_stride) {
  NetworkBuilder builder(3);
  AtrousWalk walk(output_stride);
  const WindowStep stem = walk.Next(2);
  Features features = {builder.Conv("conv1", 0,
                                    {.kernel = 7,
                                     .step = stem,
                                     .padding = PaddingFor(7, stem),
                                     .out_channels = shape.stem_channels,
                                     .activation = nn::Activation::kRelu}),
                       shape.stem_channels};
  features.value = builder.MaxPool("pool1", features.value, 3, walk.Next(2).stride);
  for (std::size_t b = 0; b < shape.blocks.size(); ++b) {
    const ResNetShape::Block& block = shape.blocks[b];
    for (int u = 1; u <= block.unit_count; ++u) {
      const bool halves = u == block.unit_count && b + 1 < shape.blocks.size();
      const std::string unit = "block" + std::to_string(b + 1) + "/unit" + std::to_string(u);
      features = Bottleneck(builder, unit, features, block.base, walk.Next(halves ? 2 : 1));
    }
  }
  AddPoseHeads(builder, features.value);
  return std::move(builder).Build();
}

}  // namespace posenet::model

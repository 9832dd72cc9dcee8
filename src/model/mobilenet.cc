// SPDX-License-Identifier: Apache-2.0
#include "model/mobilenet.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace posenet::model {
namespace {

// A depthwise separable block of the unscaled network.
struct Block {
  int stride;
  int channels;
};

constexpr int kStemChannels = 32;
constexpr int kStemStride = 2;
constexpr std::array<Block, 11> kSharedBlocks = {
    {{1, 64}, {2, 128}, {1, 128}, {2, 256}, {1, 256}, {2, 512}, {1, 512}, {1, 512}, {1, 512}, {1, 512}, {1, 512}}};
constexpr std::array<Block, 2> kFullWidthBlocks = {{{2, 1024}, {1, 1024}}};
constexpr std::array<Block, 2> kNarrowBlocks = {{{1, 512}, {1, 512}}};

std::vector<Block> BlocksOf(float multiplier) {
  std::vector<Block> blocks(kSharedBlocks.begin(), kSharedBlocks.end());
  const auto& last = multiplier < 1.0F ? kNarrowBlocks : kFullWidthBlocks;
  blocks.insert(blocks.end(), last.begin(), last.end());
  return blocks;
}

int Scaled(int channels, float multiplier) {
  return static_cast<int>(std::lround(static_cast<float>(channels) * multiplier));
}

}  // namespace

Features AppendMobileNetV1(float multiplier, int output_stride, NetworkBuilder& builder) {
  AtrousWalk walk(output_stride);
  int channels = Scaled(kStemChannels, multiplier);
  int value = builder.Conv(
      "conv0", 0,
      {.kernel = 3, .step = walk.Next(kStemStride), .out_channels = channels, .activation = nn::Activation::kRelu6});
  int index = 0;
  for (const Block& block : BlocksOf(multiplier)) {
    const std::string name = "block" + std::to_string(++index);
    value = builder.Conv(name + "/depthwise", value,
                         {.kernel = 3,
                          .step = walk.Next(block.stride),
                          .out_channels = channels,
                          .groups = channels,
                          .activation = nn::Activation::kRelu6});
    channels = Scaled(block.channels, multiplier);
    value = builder.Conv(name + "/pointwise", value, {.out_channels = channels, .activation = nn::Activation::kRelu6});
  }
  return {value, channels};
}

nn::Network MobileNetV1Network(float multiplier, int output_stride) {
  NetworkBuilder builder(3);
  AddPoseHeads(builder, AppendMobileNetV1(multiplier, output_stride, builder).value);
  return std::move(builder).Build();
}

}  // namespace posenet::model

// SPDX-License-Identifier: Apache-2.0
#include "model/resnet34.h"

#include <string>

namespace posenet::model {
namespace {

struct Stage {
  const char* name;
  int unit_count;
  int channels;
  int stride;  // Of the first unit.
};

constexpr Stage kStages[] = {{"layer1", 3, 64, 1}, {"layer2", 4, 128, 2}, {"layer3", 6, 256, 2}, {"layer4", 3, 512, 2}};

Features AppendUnit(const std::string& name, Features input, int channels, int stride, NetworkBuilder& builder) {
  int value = builder.Conv(name + ".conv1", input.value,
                           {.kernel = 3,
                            .step = {.stride = stride},
                            .padding = EvenPadding(1),
                            .out_channels = channels,
                            .activation = nn::Activation::kRelu});
  value = builder.Conv(name + ".conv2", value, {.kernel = 3, .padding = EvenPadding(1), .out_channels = channels});
  int shortcut = input.value;
  if (stride != 1 || input.channels != channels) {
    shortcut = builder.Conv(name + ".downsample.0", input.value,
                            {.step = {.stride = stride}, .padding = EvenPadding(0), .out_channels = channels});
  }
  return {builder.Add(name, value, shortcut, nn::Activation::kRelu), channels};
}

}  // namespace

Features AppendResNet34(NetworkBuilder& builder) {
  constexpr int kStemChannels = 64;
  Features features = {builder.Conv("conv1", 0,
                                    {.kernel = 7,
                                     .step = {.stride = 2},
                                     .padding = EvenPadding(3),
                                     .out_channels = kStemChannels,
                                     .activation = nn::Activation::kRelu}),
                       kStemChannels};
  features.value = builder.MaxPool("maxpool", features.value, 3, 2, EvenPadding(1));
  for (const Stage& stage : kStages) {
    for (int unit = 0; unit < stage.unit_count; ++unit) {
      const std::string name = std::string(stage.name) + "." + std::to_string(unit);
      features = AppendUnit(name, features, stage.channels, unit == 0 ? stage.stride : 1, builder);
    }
  }
  return features;
}

}  // namespace posenet::model

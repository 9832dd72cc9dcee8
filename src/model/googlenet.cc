// SPDX-License-Identifier: Apache-2.0
#include "model/googlenet.h"

#include <string>

namespace posenet::model {
namespace {

// Channels of the six convolutions of an inception module (Szegedy et al. 2015, table 1). `big` is the paper's 5x5.
struct Module {
  const char* name;
  int single;
  int small_reduced;
  int small;
  int big_reduced;
  int big;
  int pooled;
  bool is_tapped;  // By an auxiliary classifier.
  bool is_last;    // Of its map size: a pool follows that halves the map.

  [[nodiscard]] int channels() const { return single + small + big + pooled; }
};

constexpr Module kModules[] = {
    {"3a", 64, 96, 128, 16, 32, 32, false, false},     {"3b", 128, 128, 192, 32, 96, 64, false, true},
    {"4a", 192, 96, 208, 16, 48, 64, true, false},     {"4b", 160, 112, 224, 24, 64, 64, false, false},
    {"4c", 128, 128, 256, 24, 64, 64, false, false},   {"4d", 112, 144, 288, 32, 64, 64, true, false},
    {"4e", 256, 160, 320, 32, 128, 128, false, true},  {"5a", 256, 160, 320, 32, 128, 128, false, false},
    {"5b", 384, 192, 384, 48, 128, 128, false, false},
};

// The suffixes of the layer names of a module, and the kernel size of the big branch.
struct ModuleStyle {
  const char* prefix;
  const char* single;
  const char* small_reduced;
  const char* small;
  const char* big_reduced;
  const char* big;
  const char* pool;
  const char* pooled;
  const char* joined;
  int big_kernel;
};

constexpr ModuleStyle kCaffeStyle = {"inception_", "/1x1",  "/3x3_reduce", "/3x3",    "/5x5_reduce",
                                     "/5x5",       "/pool", "/pool_proj",  "/output", 5};
constexpr ModuleStyle kTorchStyle = {"inception",  ".branch1",   ".branch2.0", ".branch2.1", ".branch3.0",
                                     ".branch3.1", ".branch4.0", ".branch4.1", "",           3};

NetworkBuilder::ConvOptions Square(int kernel, int stride, int out_channels) {
  return {.kernel = kernel,
          .step = {.stride = stride},
          .padding = EvenPadding(kernel / 2),
          .out_channels = out_channels,
          .activation = nn::Activation::kRelu};
}

Features AppendModule(const Module& module, const ModuleStyle& style, int input, NetworkBuilder& builder) {
  const std::string name = std::string(style.prefix) + module.name;
  const auto conv = [&](const char* suffix, int value, int kernel, int channels) {
    return builder.Conv(name + suffix, value, Square(kernel, 1, channels));
  };
  const int single = conv(style.single, input, 1, module.single);
  int small = conv(style.small_reduced, input, 1, module.small_reduced);
  small = conv(style.small, small, 3, module.small);
  int big = conv(style.big_reduced, input, 1, module.big_reduced);
  big = conv(style.big, big, style.big_kernel, module.big);
  int pooled = builder.MaxPool(name + style.pool, input, 3, 1, EvenPadding(1));
  pooled = conv(style.pooled, pooled, 1, module.pooled);
  return {builder.Concat(name + style.joined, {single, small, big, pooled}), module.channels()};
}

// `halve(count, value)` appends the `count`-th of the pools that halve the map between modules.
template <typename Halve>
BackboneTaps AppendModules(const ModuleStyle& style, int input, NetworkBuilder& builder, const Halve& halve) {
  BackboneTaps taps = {.features = {.value = input}, .auxiliary = {}};
  int halved = 0;
  for (const Module& module : kModules) {
    taps.features = AppendModule(module, style, taps.features.value, builder);
    if (module.is_tapped) taps.auxiliary.push_back(taps.features);
    if (module.is_last) taps.features.value = halve(++halved, taps.features.value);
  }
  return taps;
}

}  // namespace

BackboneTaps AppendCaffeGoogLeNet(NetworkBuilder& builder) {
  constexpr nn::LocalResponseNorm kNorm = {.size = 5, .alpha = 1e-4F, .beta = 0.75F, .k = 1.0F};
  int value = builder.Conv("conv1/7x7_s2", 0, Square(7, 2, 64));
  value = builder.MaxPool("pool1/3x3_s2", value, 3, 2, RoundedUp(0));
  value = builder.LocalResponseNorm("pool1/norm1", value, kNorm);
  value = builder.Conv("conv2/3x3_reduce", value, Square(1, 1, 64));
  value = builder.Conv("conv2/3x3", value, Square(3, 1, 192));
  value = builder.LocalResponseNorm("conv2/norm2", value, kNorm);
  value = builder.MaxPool("pool2/3x3_s2", value, 3, 2, RoundedUp(0));
  return AppendModules(kCaffeStyle, value, builder, [&](int count, int input) {
    return builder.MaxPool("pool" + std::to_string(2 + count) + "/3x3_s2", input, 3, 2, RoundedUp(0));
  });
}

BackboneTaps AppendTorchGoogLeNet(NetworkBuilder& builder) {
  int value = builder.Conv("conv1", 0, Square(7, 2, 64));
  value = builder.MaxPool("maxpool1", value, 3, 2, RoundedUp(0));
  value = builder.Conv("conv2", value, Square(1, 1, 64));
  value = builder.Conv("conv3", value, Square(3, 1, 192));
  value = builder.MaxPool("maxpool2", value, 3, 2, RoundedUp(0));
  return AppendModules(kTorchStyle, value, builder, [&](int count, int input) {
    return builder.MaxPool("maxpool" + std::to_string(2 + count), input, count == 1 ? 3 : 2, 2, RoundedUp(0));
  });
}

}  // namespace posenet::model

// SPDX-License-Identifier: Apache-2.0
// Writes a model with random weights, to be run by our engine and, exported, by others.
//
//   write_model NETWORK OUTPUT [SIDE]
//
// NETWORK is mobilenet050, mobilenet100, resnet50; camera-BACKBONE-HEAD or camera-frames, for 96 x 80 pixels (or
// SIDE x SIDE, with all features); or a network with all operations: operations, for an input of 33 x 46 pixels, or
// open-operations, for any size. OUTPUT is the model file.
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "camera/camera_network.h"
#include "camera/testing/camera_models.h"
#include "model/mobilenet.h"
#include "model/model_file.h"
#include "model/random_weights.h"
#include "model/resnet.h"
#include "nn/graph/network.h"
#include "nn/testing/random_network.h"

namespace posenet {
namespace {

using nn::Activation;
using nn::PaddingMode;

constexpr std::uint32_t kSeed = 11;
constexpr nn::Shape kInput{.batch = 1, .height = 33, .width = 46, .channels = 3};

enum class Sizes { kFixed, kOpen };

nn::Conv2d Conv(const nn::Window& window, int out_channels, int groups, Activation activation) {
  return {.window = window,
          .out_channels = out_channels,
          .groups = groups,
          .weights = {},
          .bias = {},
          .activation = activation};
}

nn::FullyConnected Full(int out_channels, Activation activation) {
  return {.out_channels = out_channels, .weights = {}, .bias = {}, .activation = activation};
}

// The input count of a fully connected layer that reads `value`.
Result<int> CountOf(nn::Network network, int value) {
  network.outputs = {{"value", value}};
  POSENET_ASSIGN_OR_RETURN(const auto shapes, nn::InferShapes(network, kInput));
  return static_cast<int>(shapes[static_cast<std::size_t>(value)].ElementCount());
}

// Adds every kind of convolution and returns the last value.
int AddConvolutions(nn::TestNetwork& net, Sizes sizes) {
  int value = net.AddConv(0, Conv({3, 3, 2, 2, 1, 1, {}}, 8, 1, Activation::kRelu6));
  value = net.AddConv(value, Conv({3, 3, 1, 1, 2, 1, {}}, 8, 8, Activation::kRelu));
  value = net.AddConv(value, Conv({2, 5, 1, 2, 1, 1, {}}, 12, 4, Activation::kNone));
  value =
      net.AddConv(value, Conv({3, 3, 1, 1, 2, 2, {PaddingMode::kExplicit, 3, 1, 0, 2}}, 12, 1, Activation::kSigmoid));
  if (sizes == Sizes::kFixed) {
    value = net.AddConv(value, Conv({3, 3, 2, 1, 2, 2, {}}, 12, 12, Activation::kNone));
  }
  std::get<nn::Conv2d>(net.network().layers.back().operation).bias.clear();
  return value;
}

// Adds every kind of pool, joins them and returns the last value.
int AddPools(nn::TestNetwork& net, int value) {
  const auto pool = [&](nn::PoolKind kind, const nn::Window& window) {
    return net.AddOther({value}, nn::Pool{.kind = kind, .window = window});
  };
  const int max_same = pool(nn::PoolKind::kMax, {3, 3, 2, 2, 1, 1, {}});
  const int average_same = pool(nn::PoolKind::kAverage, {3, 3, 2, 2, 1, 1, {}});
  const int average_even = pool(nn::PoolKind::kAverage, {2, 4, 2, 2, 1, 1, {}});
  const int joined = net.AddOther({max_same, average_same, average_even}, nn::Concat{});
  const int sum = net.AddOther({max_same, average_same, average_even}, nn::Add{Activation::kRelu6});
  value = net.AddOther({joined, sum}, nn::Concat{});
  const int max_padded = pool(nn::PoolKind::kMax, {3, 2, 1, 1, 1, 1, {PaddingMode::kExplicit, 2, 1, 0, 1}});
  value = max_padded;
  const int average_padded = pool(nn::PoolKind::kAverage, {2, 3, 1, 1, 1, 1, {PaddingMode::kExplicit, 0, 1, 2, 1}});
  value = average_padded;
  value = net.AddOther({value}, nn::LocalResponseNorm{.size = 5, .alpha = 0.7F, .beta = 0.75F, .k = 1.5F});
  value = net.AddOther({value}, nn::Dropout{0.5F});
  net.AddOutput(net.AddOther({value}, nn::Upsample{2}));
  net.AddOutput(net.AddOther({value}, nn::Upsample{3}));
  const int same = pool(nn::PoolKind::kAverage, {3, 3, 1, 1, 1, 1, {}});
  const int rounded = pool(nn::PoolKind::kMax, {3, 2, 2, 2, 1, 1, {PaddingMode::kRoundUp, 1, 1, 0, 0}});
  net.AddOutput(net.AddOther({rounded}, nn::Pool{nn::PoolKind::kAverage, {3, 3, 2, 2, 1, 1, {PaddingMode::kRoundUp}}}));
  return net.AddOther({same, average_padded}, nn::Add{});
}

Result<nn::TestNetwork> Operations(Sizes sizes) {
  nn::TestNetwork net(kInput.channels, kSeed);
  const int pooled = AddPools(net, AddConvolutions(net, sizes));
  const int mean = net.AddOther({pooled}, nn::GlobalAveragePool{});
  int flat = mean;
  if (sizes == Sizes::kFixed) {
    POSENET_ASSIGN_OR_RETURN(const int count, CountOf(net.network(), pooled));
    flat = net.AddFullyConnected(pooled, Full(net.ChannelsOf(mean), Activation::kRelu), count);
  }
  const int first = net.AddFullyConnected(flat, Full(net.ChannelsOf(mean), Activation::kNone), net.ChannelsOf(mean));
  const int second = net.AddFullyConnected(first, Full(7, Activation::kSigmoid), net.ChannelsOf(mean));
  const int both = net.AddOther({first, second}, nn::Concat{});
  const int as_maps = net.AddOther({first, mean}, nn::Add{Activation::kRelu});
  const int conv = net.AddConv(both, Conv({}, 5, 1, Activation::kNone));
  for (const int value : {pooled, mean, second, both, as_maps, conv}) net.AddOutput(value);
  net.AddOutput(net.AddOther({both}, nn::Activate{Activation::kRelu}));
  // Layer names may be equal or empty.
  net.network().layers[0].name = net.network().layers[1].name = "twin";
  net.network().layers[2].name.clear();
  return net;
}

Result<void> WriteOperations(Sizes sizes, const std::string& output) {
  POSENET_ASSIGN_OR_RETURN(const nn::TestNetwork net, Operations(sizes));
  model::LoadedModel model;
  model.spec.name = "operations";
  model.spec.task = "test";
  model.spec.license = "Apache-2.0";
  model.spec.network = net.network();
  model.weights = net.Tensors();
  return model::WriteModelFile(output, model);
}

Result<void> WriteRandom(const nn::Network& network, const std::string& output) {
  POSENET_ASSIGN_OR_RETURN(const model::LoadedModel model, model::RandomModel(network, kSeed));
  return model::WriteModelFile(output, model);
}

// The image size that tests export for: small, and not square.
constexpr int kSmallHeightPx = 80;
constexpr int kSmallWidthPx = 96;

// Writes camera-BACKBONE-HEAD or camera-frames, which reads a grid and sequences of frames: for images of side_px x
// side_px with the feature count of the paper or, if side_px is 0, a small one.
Result<void> WriteCamera(std::string_view name, const std::string& output, int side_px) {
  camera::CameraArchitecture architecture;
  if (name == "frames") {
    architecture.backbone = model::Backbone::kMobileNet075;
    architecture.grid_channels = 5;
    architecture.sequence_length = 3;
    architecture.head = camera::CameraHead::kLstm;
  } else {
    const std::size_t dash = name.rfind('-');
    POSENET_ASSIGN_OR_RETURN(architecture.backbone, model::BackboneOf(name.substr(0, dash)));
    POSENET_ASSIGN_OR_RETURN(architecture.head, camera::CameraHeadOf(name.substr(dash + 1)));
  }
  if (side_px == 0) {
    architecture.feature_count = 512;
    architecture.hidden = 40;
  }
  camera::CameraSpec camera;
  camera.sequence_length = architecture.sequence_length;
  POSENET_ASSIGN_OR_RETURN(
      const model::LoadedModel model,
      camera::RandomCameraModel(camera::CameraNetwork(architecture, camera::Auxiliary::kLeaveOut), camera,
                                side_px > 0 ? side_px : kSmallHeightPx, side_px > 0 ? side_px : kSmallWidthPx, kSeed));
  return model::WriteModelFile(output, model);
}

Result<void> WriteModel(std::string_view network, const std::string& output, int side_px) {
  if (network == "mobilenet050") return WriteRandom(model::MobileNetV1Network(0.50F, 16), output);
  if (network == "mobilenet100") return WriteRandom(model::MobileNetV1Network(1.0F, 16), output);
  if (network == "resnet50") return WriteRandom(model::ResNetNetwork(model::ResNet50Shape(), 32), output);
  if (network.starts_with("camera-")) return WriteCamera(network.substr(7), output, side_px);
  if (network == "operations") return WriteOperations(Sizes::kFixed, output);
  if (network == "open-operations") return WriteOperations(Sizes::kOpen, output);
  return base::Fail(ErrorCode::kInvalidArgument, "there is no network named ", base::Printable(network));
}

}  // namespace
}  // namespace posenet

int main(int argc, char** argv) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  const int side_px = arguments.size() == 4 ? std::atoi(arguments[3]) : 0;
  if (arguments.size() < 3 || arguments.size() > 4 || side_px < 0) {
    std::cerr << "usage: write_model NETWORK OUTPUT [SIDE]\nSIDE is of the images of networks for camera poses.\n";
    return 2;
  }
  const auto done = posenet::WriteModel(arguments[1], arguments[2], side_px);
  if (done) return 0;
  std::cerr << "write_model: " << done.error().message << '\n';
  return 1;
}

// SPDX-License-Identifier: Apache-2.0
#include "nn/testing/random_network.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/strings.h"
#include "nn/graph/bfloat16.h"

namespace posenet::nn {

TestNetwork::TestNetwork(int input_channels, std::uint32_t seed) : random_(seed) {
  network_.input_channels = input_channels;
  channels_ = {input_channels};
}

int TestNetwork::AddConv(int input, Conv2d conv) {
  const int in_channels = ChannelsOf(input) / conv.groups;
  const int inputs = conv.window.kernel_height * conv.window.kernel_width * in_channels;
  // With weights uniform in [-m, m], a sum of n products has n m^2 / 3 times the variance of the inputs.
  conv.weights = AddTensor({conv.window.kernel_height, conv.window.kernel_width, in_channels, conv.out_channels},
                           std::sqrt(3.0F / static_cast<float>(inputs)));
  conv.bias = AddTensor({conv.out_channels}, 0.5F);
  return Append({input}, std::move(conv));
}

int TestNetwork::AddFullyConnected(int input, FullyConnected layer, int in_channels) {
  layer.weights = AddTensor({in_channels, layer.out_channels}, std::sqrt(3.0F / static_cast<float>(in_channels)));
  layer.bias = AddTensor({layer.out_channels}, 0.5F);
  return Append({input}, std::move(layer));
}

int TestNetwork::AddLstm(int input, Lstm lstm, int step_inputs) {
  const int gates = 4 * lstm.hidden;
  lstm.input_weights = AddTensor({step_inputs, gates}, std::sqrt(3.0F / static_cast<float>(step_inputs)));
  lstm.recurrent_weights = AddTensor({lstm.hidden, gates}, std::sqrt(3.0F / static_cast<float>(lstm.hidden)));
  lstm.bias = AddTensor({gates}, 0.5F);
  return Append({input}, std::move(lstm));
}

int TestNetwork::AddOther(std::vector<int> inputs, Operation operation) {
  return Append(std::move(inputs), std::move(operation));
}

void TestNetwork::AddOutput(int value) { network_.outputs.push_back({base::StrCat("output", value), value}); }

void TestNetwork::AddScales(int value, float largest) {
  Layer& layer = network_.layers[static_cast<std::size_t>(value) - 1];
  layer.scales = AddTensor({ChannelsOf(value)}, 1.0F);
  for (float& scale : tensors_[layer.scales].values) scale = (1.0F - 0.3F * std::abs(scale)) * largest / 255.0F;
}

void TestNetwork::AddSignedScales(int value, float largest) {
  AddScales(value, 2.0F * largest);
  Layer& layer = network_.layers[static_cast<std::size_t>(value) - 1];
  layer.zero_points = AddTensor({ChannelsOf(value)}, 20.0F);
  for (float& zero : tensors_[layer.zero_points].values) zero = std::nearbyint(127.5F + zero);
}

void TestNetwork::MakeInt8(int value) {
  Layer& layer = network_.layers[static_cast<std::size_t>(value) - 1];
  auto& conv = std::get<Conv2d>(layer.operation);
  const Layer& writer = network_.layers[static_cast<std::size_t>(layer.inputs[0]) - 1];
  Tensor& weights = tensors_[conv.weights];
  const std::vector<float>& input_scales = tensors_[writer.scales].values;
  const auto columns = static_cast<std::size_t>(conv.out_channels);
  conv.weight_scales = AddTensor({conv.out_channels}, 1.0F);
  std::vector<float>& scales = tensors_[conv.weight_scales].values;
  std::fill(scales.begin(), scales.end(), 0.0F);
  for (std::size_t i = 0; i < weights.values.size(); ++i) {
    weights.values[i] *= input_scales[i / columns];
    scales[i % columns] = std::max(scales[i % columns], std::abs(weights.values[i]) / 127.0F);
  }
  for (std::size_t i = 0; i < weights.values.size(); ++i) {
    weights.int8_values.push_back(static_cast<std::int8_t>(std::nearbyint(weights.values[i] / scales[i % columns])));
  }
}

void TestNetwork::MakeBFloat16(int value) {
  Tensor& weights = tensors_[std::get<Conv2d>(network_.layers[static_cast<std::size_t>(value) - 1].operation).weights];
  for (const float weight : weights.values) weights.bfloat16_values.push_back(ToBFloat16(weight));
}

TensorMap TestNetwork::Tensors() const {
  TensorMap views;
  for (const auto& [name, tensor] : tensors_) {
    if (!tensor.int8_values.empty()) {
      views[name] = {DType::kInt8, tensor.shape, std::as_bytes(std::span(tensor.int8_values))};
    } else if (!tensor.bfloat16_values.empty()) {
      views[name] = {DType::kBFloat16, tensor.shape, std::as_bytes(std::span(tensor.bfloat16_values))};
    } else {
      views[name] = {DType::kFloat32, tensor.shape, std::as_bytes(std::span(tensor.values))};
    }
  }
  return views;
}

std::vector<float> TestNetwork::RandomValues(std::int64_t count, float magnitude) {
  std::uniform_real_distribution<float> uniform(-magnitude, magnitude);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = uniform(random_);
  return values;
}

std::string TestNetwork::AddTensor(std::vector<std::int64_t> shape, float magnitude) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  std::string name = base::StrCat("tensor", tensors_.size());
  tensors_[name] = {std::move(shape), RandomValues(count, magnitude)};
  return name;
}

int TestNetwork::Append(std::vector<int> inputs, Operation operation) {
  int channels = 0;
  const bool concat = std::holds_alternative<Concat>(operation);
  for (const int input : inputs) channels = concat ? channels + ChannelsOf(input) : ChannelsOf(input);
  if (const auto* conv = std::get_if<Conv2d>(&operation)) channels = conv->out_channels;
  if (const auto* connected = std::get_if<FullyConnected>(&operation)) channels = connected->out_channels;
  if (const auto* lstm = std::get_if<Lstm>(&operation)) channels = lstm->hidden;
  channels_.push_back(channels);
  network_.layers.push_back({base::StrCat("layer", network_.layers.size()), std::move(inputs), std::move(operation)});
  return static_cast<int>(network_.layers.size());
}

TestNetwork SmallMoveNet() {
  TestNetwork net(3);
  const auto add_product = [&net](int input, int channels, Activation activation) {
    return net.AddConv(input, {{}, channels, 1, {}, {}, activation});
  };
  const auto add_depthwise = [&net](int input, int stride, Activation activation) {
    const int channels = net.ChannelsOf(input);
    return net.AddConv(input, {{3, 3, stride, stride, 1, 1, {}}, channels, channels, {}, {}, activation});
  };
  int value = net.AddConv(0, {{3, 3, 2, 2, 1, 1, {}}, 16, 1, {}, {}, Activation::kRelu6});
  for (int block = 0; block < 2; ++block) {
    const int expanded = add_product(value, 72, Activation::kRelu6);
    const int filtered = add_depthwise(expanded, 1, Activation::kRelu6);
    value = net.AddOther({value, add_product(filtered, 16, Activation::kNone)}, Add{});
  }
  const int skipped = value;
  value = add_depthwise(add_product(value, 40, Activation::kRelu), 2, Activation::kNone);
  value = net.AddOther({add_product(value, 24, Activation::kNone)}, Upsample{2});
  value = net.AddOther({value, add_product(skipped, 24, Activation::kNone)}, Add{});
  value = add_product(add_depthwise(value, 1, Activation::kNone), 24, Activation::kRelu);
  for (const int channels : {1, 34}) {
    const int hidden = add_product(add_depthwise(value, 1, Activation::kNone), 96, Activation::kRelu);
    net.AddOutput(add_product(hidden, channels, Activation::kNone));
  }
  return net;
}

TestNetwork MobileNetPoseNet() {
  struct Block {
    int stride;
    int dilation;
    int out_channels;
  };
  // In place of the last stride, from output stride 16 to 32, the layer after it is dilated.
  constexpr Block kBlocks[] = {{1, 1, 64},  {2, 1, 128},  {1, 1, 128}, {2, 1, 256}, {1, 1, 256},
                               {2, 1, 512}, {1, 1, 512},  {1, 1, 512}, {1, 1, 512}, {1, 1, 512},
                               {1, 1, 512}, {1, 1, 1024}, {1, 2, 1024}};
  TestNetwork net(3);
  const auto window = [](int kernel, int stride, int dilation) {
    return Window{kernel, kernel, stride, stride, dilation, dilation, {}};
  };
  int value = net.AddConv(0, {window(3, 2, 1), 32, 1, {}, {}, Activation::kRelu6});
  for (const Block& block : kBlocks) {
    const int channels = net.ChannelsOf(value);
    value =
        net.AddConv(value, {window(3, block.stride, block.dilation), channels, channels, {}, {}, Activation::kRelu6});
    value = net.AddConv(value, {window(1, 1, 1), block.out_channels, 1, {}, {}, Activation::kRelu6});
  }
  for (const int channels : {17, 34, 32, 32}) {
    net.AddOutput(net.AddConv(value, {window(1, 1, 1), channels, 1, {}, {}, Activation::kNone}));
  }
  return net;
}

}  // namespace posenet::nn

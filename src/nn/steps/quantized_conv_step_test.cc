// SPDX-License-Identifier: Apache-2.0
// Networks in TensorFlow Lite's uint8 arithmetic against the reference, bit for bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/strings.h"
#include "nn/plan.h"
#include "nn/testing/reference.h"

namespace posenet::nn {
namespace {

using ::testing::HasSubstr;

// Builds a network of quantized layers with random weights.
class QuantizedNetwork {
 public:
  explicit QuantizedNetwork(std::uint32_t seed) : random_(seed) { channels_.push_back(0); }

  int Start(int channels, Quantization quantization) {
    network_.input_channels = channels_[0] = channels;
    return Append({0}, Quantize{quantization}, channels, quantization);
  }

  int AddConv(int input, QuantizedConv2d conv, bool is_signed = false) {
    const std::string name = "conv" + std::to_string(network_.layers.size());
    const Window& window = conv.window;
    const int group_inputs = channels_[static_cast<std::size_t>(input)] / conv.groups;
    const std::int64_t count =
        std::int64_t{window.kernel_height} * window.kernel_width * group_inputs * conv.out_channels;
    conv.weights = name + "/weights";
    conv.bias = name + "/biases";
    std::vector<std::byte> weights(static_cast<std::size_t>(count));
    for (std::byte& weight : weights) weight = static_cast<std::byte>(random_());
    tensors_[conv.weights] = {is_signed ? DType::kInt8 : DType::kUint8,
                              {window.kernel_height, window.kernel_width, group_inputs, conv.out_channels},
                              weights};
    std::vector<std::byte> bias(static_cast<std::size_t>(conv.out_channels) * 4);
    for (int i = 0; i < conv.out_channels; ++i) {
      const std::int32_t number = static_cast<std::int32_t>(random_() % 20001) - 10000;
      std::memcpy(bias.data() + std::ptrdiff_t{i} * 4, &number, 4);
    }
    tensors_[conv.bias] = {DType::kInt32, {conv.out_channels}, bias};
    // Chosen such that results fill the range of uint8, and some are clamped.
    const double terms = static_cast<double>(count) / conv.out_channels;
    const Quantization& from = quantizations_[static_cast<std::size_t>(input)];
    conv.output.scale = from.scale * conv.weight_scale * static_cast<float>(5400.0 * std::sqrt(terms) / 64.0);
    return Append({input}, conv, conv.out_channels, conv.output);
  }

  int AddConcat(const std::vector<int>& inputs, Quantization output) {
    int channels = 0;
    for (const int input : inputs) channels += channels_[static_cast<std::size_t>(input)];
    return Append(inputs, QuantizedConcat{output}, channels, output);
  }

  void AddOutput(int value) {
    const int channels = channels_[static_cast<std::size_t>(value)];
    network_.outputs.push_back({"output" + std::to_string(value), Append({value}, Dequantize{}, channels, {})});
  }

  Network& network() { return network_; }
  [[nodiscard]] float ScaleOf(int value) const { return quantizations_[static_cast<std::size_t>(value)].scale; }

  [[nodiscard]] TensorMap Tensors() const {
    TensorMap tensors;
    for (const auto& [name, tensor] : tensors_) tensors[name] = {tensor.dtype, tensor.shape, tensor.bytes};
    return tensors;
  }

  // Numbers on and between the quantization steps of the input, and beyond its range.
  std::vector<float> RandomInput(std::int64_t count) {
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = static_cast<float>(random_() % 2400) / 1000.0F - 1.2F;
    return values;
  }

 private:
  struct Tensor {
    DType dtype;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;
  };

  int Append(std::vector<int> inputs, Operation operation, int channels, Quantization quantization) {
    network_.layers.push_back({"layer" + std::to_string(network_.layers.size()), std::move(inputs), operation});
    channels_.push_back(channels);
    quantizations_.resize(channels_.size());
    quantizations_.back() = quantization;
    return static_cast<int>(network_.layers.size());
  }

  std::mt19937 random_;
  Network network_;
  std::vector<int> channels_;
  std::vector<Quantization> quantizations_;
  std::map<std::string, Tensor> tensors_;
};

constexpr Quantization kInput = {.scale = 1.0F / 128.0F, .zero_point = 128};

QuantizedConv2d Int8Conv(Window window, int out_channels, int groups, Activation activation = Activation::kNone) {
  return {.window = window,
          .out_channels = out_channels,
          .groups = groups,
          .weights = {},
          .bias = {},
          .weight_scale = 0.01F,
          .weight_zero_point = 121,
          .activation = activation,
          .output = {.scale = 1.0F, .zero_point = 117}};
}

void ExpectEqualsReference(QuantizedNetwork& net, const Shape& shape) {
  const std::vector<float> input = net.RandomInput(shape.ElementCount());
  const auto expected = ReferenceRun(net.network(), net.Tensors(), input, shape);
  ASSERT_TRUE(expected.has_value()) << expected.error().message;
  const auto packed = PackedNetwork::Create(net.network(), net.Tensors());
  ASSERT_TRUE(packed.has_value()) << packed.error().message;
  const auto plan = Plan::Create(*packed, shape);
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  for (const int threads : {1, 3}) {
    const auto context = Context::Create(*plan, threads);
    ASSERT_TRUE(context.has_value()) << context.error().message;
    base::ThreadPool pool(threads);
    std::copy(input.begin(), input.end(), (*context)->input().begin());
    (*plan)->Run(**context, pool);
    for (int i = 0; i < (*plan)->output_count(); ++i) {
      const std::span<const float> actual = (*context)->output(i);
      EXPECT_EQ(std::vector<float>(actual.begin(), actual.end()), (*expected)[static_cast<std::size_t>(i)].values)
          << "output " << i;
      if (actual.size() < 1000) continue;
      EXPECT_GT(std::set<float>(actual.begin(), actual.end()).size(), 20U)
          << "too few distinct results to test anything";
    }
  }
}

TEST(QuantizedPlanTest, ConvolutionsEqualTheReference) {
  std::mt19937 random(11);
  const auto one_of = [&](std::initializer_list<int> choices) { return choices.begin()[random() % choices.size()]; };
  for (int round = 0; round < 60; ++round) {
    Window window = {.kernel_height = one_of({1, 1, 2, 3, 5}),
                     .kernel_width = one_of({1, 1, 3, 3, 4}),
                     .stride_height = one_of({1, 1, 2, 3}),
                     .stride_width = one_of({1, 1, 2}),
                     .dilation_height = one_of({1, 1, 2, 4}),
                     .dilation_width = one_of({1, 1, 2, 3}),
                     .padding = {}};
    window.padding.mode = round % 5 == 0 ? PaddingMode::kValid : PaddingMode::kSame;
    const int in_channels = one_of({1, 3, 5, 8, 16, 24, 37});
    const int out_channels = one_of({1, 2, 3, 4, 7, 17, 34});
    const Shape shape = {one_of({1, 1, 2}), one_of({17, 20, 33}), one_of({13, 18, 37}), in_channels};
    const Activation activation = round % 3 == 0   ? Activation::kNone
                                  : round % 3 == 1 ? Activation::kRelu
                                                   : Activation::kRelu6;
    SCOPED_TRACE(base::StrCat("round ", round, ", kernel ", window.kernel_height, "x", window.kernel_width, ", ",
                              in_channels, " to ", out_channels, " channels"));
    QuantizedNetwork net(static_cast<std::uint32_t>(round));
    const int start = net.Start(in_channels, kInput);
    net.AddOutput(net.AddConv(start, Int8Conv(window, out_channels, 1, activation)));
    net.AddOutput(net.AddConv(start, Int8Conv(window, in_channels, in_channels, activation)));
    net.AddOutput(net.AddConv(start, Int8Conv(window, 3 * in_channels, in_channels, activation)));
    ExpectEqualsReference(net, shape);
  }
}

TEST(QuantizedPlanTest, SignedWeightsAndExtremeScalesEqualTheReference) {
  for (const float weight_scale : {1e-7F, 0.004F, 0.4F, 150.0F}) {
    QuantizedNetwork net(5);
    QuantizedConv2d conv = Int8Conv({.kernel_height = 3, .kernel_width = 3, .padding = {}}, 9, 1);
    conv.weight_zero_point = -3;
    const int value = net.AddConv(net.Start(6, kInput), conv, /*is_signed=*/true);
    // Set afterwards, as AddConv chooses an output scale that would compensate for it.
    auto& operation = std::get<QuantizedConv2d>(net.network().layers[static_cast<std::size_t>(value) - 1].operation);
    operation.weight_scale = weight_scale;
    net.AddOutput(value);
    ExpectEqualsReference(net, {1, 9, 12, 6});
  }
}

TEST(QuantizedPlanTest, ExplicitPaddingHoldsTheZeroPoint) {
  QuantizedNetwork net(3);
  Window window = {.kernel_height = 3, .kernel_width = 3, .padding = {}};
  window.padding = {PaddingMode::kExplicit, 2, 1, 0, 2};
  const int value = net.Start(4, {.scale = 0.01F, .zero_point = 200});
  net.AddOutput(net.AddConv(value, Int8Conv(window, 5, 1)));
  net.AddOutput(net.AddConv(value, Int8Conv(window, 4, 4)));
  ExpectEqualsReference(net, {1, 6, 7, 4});
}

TEST(QuantizedPlanTest, NetworksEqualTheReference) {
  QuantizedNetwork net(9);
  int value = net.AddConv(
      net.Start(3, kInput),
      Int8Conv({.kernel_height = 3, .kernel_width = 3, .stride_height = 2, .stride_width = 2, .padding = {}}, 24, 1,
               Activation::kRelu));
  for (const int stride : {1, 2, 1}) {
    const Window window = {3, 3, stride, stride, stride == 1 ? 2 : 1, stride == 1 ? 2 : 1, {}};
    value = net.AddConv(value, Int8Conv(window, 24, 24, Activation::kRelu));
    value = net.AddConv(value, Int8Conv({}, 24, 1));
  }
  const int left = net.AddConv(value, Int8Conv({}, 32, 1));
  const int right = net.AddConv(value, Int8Conv({}, 31, 1));
  net.AddOutput(net.AddConcat({left, right}, {.scale = 1.3F * net.ScaleOf(left), .zero_point = 60}));
  net.AddOutput(left);
  ExpectEqualsReference(net, {1, 33, 49, 3});
}

TEST(QuantizedPlanTest, InvalidNetworksAreRefused) {
  struct Fault {
    std::function<void(Network&, TensorMap&)> change;
    const char* message;
  };
  const auto conv_of = [](Network& network) -> QuantizedConv2d& {
    return std::get<QuantizedConv2d>(network.layers[1].operation);
  };
  const std::vector<std::byte> bytes(1024);
  const Fault faults[] = {
      {[&](Network& n, TensorMap&) { conv_of(n).weight_scale = 0.0F; }, "scale 0;"},
      {[&](Network& n, TensorMap&) { conv_of(n).output.scale = std::nanf(""); }, "scale nan"},
      {[&](Network& n, TensorMap&) { conv_of(n).output.scale = -1.0F; }, "scale -1"},
      {[&](Network& n, TensorMap&) { conv_of(n).output.zero_point = 256; }, "zero point 256; expected 0 to 255"},
      {[&](Network& n, TensorMap&) { conv_of(n).output.zero_point = -1; }, "zero point -1"},
      {[&](Network& n, TensorMap&) { conv_of(n).weight_zero_point = -1; }, "zero point -1; expected 0 to 255"},
      {[&](Network& n, TensorMap&) { conv_of(n).weight_zero_point = -129; }, "zero point -129"},
      {[&](Network& n, TensorMap&) { conv_of(n).activation = Activation::kSigmoid; }, "a sigmoid of quantized values"},
      {[&](Network& n, TensorMap&) { conv_of(n).output.scale = 1e-30F; }, "too large for fixed point"},
      {[&](Network& n, TensorMap&) { conv_of(n).groups = 2; }, "groups"},
      {[&](Network& n, TensorMap&) { n.layers[0].operation = Activate{}; }, "reads floats"},
      {[&](Network& n, TensorMap&) { n.layers[1].operation = Activate{}; }, "reads a quantized value"},
      {[&](Network& n, TensorMap&) { n.outputs[0].value = 2; }, "is quantized"},
      {[&](Network&, TensorMap& t) { t.erase("conv1/weights"); }, "is missing"},
      {[&](Network&, TensorMap& t) { t["conv1/weights"].dtype = DType::kFloat32; }, "shape"},
      {[&](Network&, TensorMap& t) {
         t["conv1/weights"] = {DType::kUint16, {1, 1, 4, 5}, std::span(bytes).first(40)};
       },
       "expected uint8 or int8"},
      {[&](Network&, TensorMap& t) {
         t["conv1/biases"] = {DType::kFloat32, {5}, std::span(bytes).first(20)};
       },
       "expected int32"},
      {[&](Network&, TensorMap& t) { t["conv1/biases"].shape = {4}; }, "shape"},
  };
  for (const Fault& fault : faults) {
    QuantizedNetwork net(1);
    net.AddOutput(net.AddConv(net.Start(4, kInput), Int8Conv({}, 5, 1)));
    Network network = net.network();
    TensorMap tensors = net.Tensors();
    fault.change(network, tensors);
    const auto packed = PackedNetwork::Create(network, tensors);
    ASSERT_FALSE(packed.has_value()) << fault.message;
    EXPECT_THAT(packed.error().message, HasSubstr(fault.message));
  }
}

TEST(QuantizedPlanTest, SumsThatMightOverflowAreRefused) {
  QuantizedNetwork net(1);
  net.AddOutput(net.AddConv(net.Start(40000, kInput), Int8Conv({}, 1, 1)));
  const auto packed = PackedNetwork::Create(net.network(), net.Tensors());
  ASSERT_FALSE(packed.has_value());
  EXPECT_THAT(packed.error().message, HasSubstr("may not fit 32 bits"));
}

}  // namespace
}  // namespace posenet::nn

// SPDX-License-Identifier: Apache-2.0
#include "model/network_builder.h"

#include <utility>

#include "model/model_spec.h"

namespace posenet::model {

WindowStep AtrousWalk::Next(int stride) {
  if (current_stride_ == output_stride_) {
    const WindowStep step{.stride = 1, .dilation = rate_};
    rate_ *= stride;
    return step;
  }
  current_stride_ *= stride;
  return {.stride = stride, .dilation = 1};
}

nn::Padding EvenPadding(int cells) { return {nn::PaddingMode::kExplicit, cells, cells, cells, cells}; }

nn::Padding RoundedUp(int cells) { return {nn::PaddingMode::kRoundUp, cells, cells, cells, cells}; }

int NetworkBuilder::Conv(const std::string& name, int input, const ConvOptions& options) {
  const int dilation = options.kernel > 1 ? options.step.dilation : 1;
  const nn::Window window = {.kernel_height = options.kernel,
                             .kernel_width = options.kernel,
                             .stride_height = options.step.stride,
                             .stride_width = options.step.stride,
                             .dilation_height = dilation,
                             .dilation_width = dilation,
                             .padding = options.padding};
  return Append(name, {input},
                nn::Conv2d{.window = window,
                           .out_channels = options.out_channels,
                           .groups = options.groups,
                           .weights = name + "/weights",
                           .bias = name + "/biases",
                           .activation = options.activation});
}

int NetworkBuilder::MaxPool(const std::string& name, int input, int kernel, int stride, nn::Padding padding) {
  return Append(name, {input}, nn::Pool{nn::PoolKind::kMax, {kernel, kernel, stride, stride, 1, 1, padding}});
}

int NetworkBuilder::AveragePool(const std::string& name, int input, int kernel, int stride, nn::Padding padding) {
  return Append(name, {input}, nn::Pool{nn::PoolKind::kAverage, {kernel, kernel, stride, stride, 1, 1, padding}});
}

int NetworkBuilder::GlobalAveragePool(const std::string& name, int input) {
  return Append(name, {input}, nn::GlobalAveragePool{});
}

int NetworkBuilder::FullyConnected(const std::string& name, int input, int out_channels, nn::Activation activation) {
  return Append(name, {input},
                nn::FullyConnected{.out_channels = out_channels,
                                   .weights = name + "/weights",
                                   .bias = name + "/biases",
                                   .activation = activation});
}

int NetworkBuilder::Concat(const std::string& name, std::vector<int> inputs) {
  return Append(name, std::move(inputs), nn::Concat{});
}

int NetworkBuilder::Dropout(const std::string& name, int input, float rate) {
  return Append(name, {input}, nn::Dropout{rate});
}

int NetworkBuilder::LocalResponseNorm(const std::string& name, int input, const nn::LocalResponseNorm& norm) {
  return Append(name, {input}, norm);
}

int NetworkBuilder::Lstm(const std::string& name, int input, nn::Lstm lstm) {
  lstm.input_weights = name + "/input_weights";
  lstm.recurrent_weights = name + "/recurrent_weights";
  lstm.bias = name + "/biases";
  return Append(name, {input}, std::move(lstm));
}

int NetworkBuilder::Add(const std::string& name, int left, int right, nn::Activation activation) {
  return Append(name, {left, right}, nn::Add{.activation = activation});
}

int NetworkBuilder::Append(const std::string& name, std::vector<int> inputs, nn::Operation operation) {
  network_.layers.push_back({name, std::move(inputs), std::move(operation)});
  return static_cast<int>(network_.layers.size());
}

void AddPoseHeads(NetworkBuilder& builder, int value) {
  constexpr std::pair<const char*, int> kHeads[] = {
      {kHeatmapOutput, 17}, {kOffsetOutput, 34}, {kDisplacementFwdOutput, 32}, {kDisplacementBwdOutput, 32}};
  for (const auto& [name, channels] : kHeads) {
    builder.Output(name, builder.Conv(name, value, {.out_channels = channels}));
  }
}

}  // namespace posenet::model

// SPDX-License-Identifier: Apache-2.0
// A builder of network graphs, and what the graphs of several architectures share.
#ifndef POSENET_MODEL_NETWORK_BUILDER_H_
#define POSENET_MODEL_NETWORK_BUILDER_H_

#include <string>
#include <utility>
#include <vector>

#include "nn/graph/network.h"

namespace posenet::model {

/// The stride and dilation of a window.
struct WindowStep {
  int stride = 1;
  int dilation = 1;
};

/// The strides and dilations of a chain of layers for a given output stride: once that is reached, the strides of later
/// layers become 1, and they are dilated by the product of the strides dropped before them.
/// Source: TensorFlow.js PoseNet, mobilenet.ts; TF-slim, resnet_utils.stack_blocks_dense.
class AtrousWalk {
 public:
  explicit AtrousWalk(int output_stride) : output_stride_(output_stride) {}

  /// The stride and dilation of the next layer, whose stride in the undilated network is `stride`.
  WindowStep Next(int stride);

 private:
  int output_stride_;
  int current_stride_ = 1;
  int rate_ = 1;
};

/// The same padding on all four sides, as in torch and Caffe.
nn::Padding EvenPadding(int cells);
/// The same, with the output size rounded up: torch's ceil_mode, and every pool of Caffe.
nn::Padding RoundedUp(int cells);

/// A value of a network under construction, and its channels.
struct Features {
  int value = 0;
  int channels = 0;
};

/// Adds layers one by one; each function returns the index of the new value. Tensors are named after their layer, with
/// the suffix "/weights" or "/biases" or, for LSTMs, "/input_weights" or "/recurrent_weights".
class NetworkBuilder {
 public:
  /// A square convolution with bias.
  struct ConvOptions {
    int kernel = 1;
    WindowStep step = {};
    nn::Padding padding = {};
    int out_channels = 0;
    int groups = 1;
    nn::Activation activation = nn::Activation::kNone;
  };

  explicit NetworkBuilder(int input_channels) { network_.input_channels = input_channels; }

  int Conv(const std::string& name, int input, const ConvOptions& options);
  int MaxPool(const std::string& name, int input, int kernel, int stride, nn::Padding padding = {});
  int AveragePool(const std::string& name, int input, int kernel, int stride, nn::Padding padding);
  int GlobalAveragePool(const std::string& name, int input);
  int FullyConnected(const std::string& name, int input, int out_channels, nn::Activation activation);
  int Concat(const std::string& name, std::vector<int> inputs);
  int Dropout(const std::string& name, int input, float rate);
  int LocalResponseNorm(const std::string& name, int input, const nn::LocalResponseNorm& norm);
  /// The tensor names in `lstm` are ignored.
  int Lstm(const std::string& name, int input, nn::Lstm lstm);
  int Add(const std::string& name, int left, int right, nn::Activation activation);
  void Output(const std::string& name, int value) { network_.outputs.push_back({name, value}); }

  nn::Network Build() && { return std::move(network_); }

 private:
  int Append(const std::string& name, std::vector<int> inputs, nn::Operation operation);

  nn::Network network_;
};

/// Adds the four linear 1 x 1 heads of a PoseNet on `value` as outputs.
void AddPoseHeads(NetworkBuilder& builder, int value);

}  // namespace posenet::model

#endif  // POSENET_MODEL_NETWORK_BUILDER_H_

// SPDX-License-Identifier: Apache-2.0
// A network of the engine as a libtorch module: the same layers, differentiable. Architectures are defined once, in
// src/model; what is trained here is what the engine runs.
#ifndef POSENET_TRAIN_TORCH_NETWORK_H_
#define POSENET_TRAIN_TORCH_NETWORK_H_

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "train/precision.h"

namespace posenet::train {

/// Float tensors by name, in the engine's layouts. They own their elements.
using NamedTensors = std::map<std::string, torch::Tensor, std::less<>>;

/// Whether convolutions are followed by batch normalization during training.
enum class BatchNormalization {
  kNone,
  /// Conv2d computes activation(BatchNorm(convolution)); ExportWeights folds the statistics into weights and bias.
  /// For training from random weights. Ioffe and Szegedy 2015.
  kInTraining,
};

/// How a network is trained.
struct LearningOptions {
  BatchNormalization normalization = BatchNormalization::kNone;
  /// Standard deviation of the input values; the random weights of layers that read them are divided by it.
  double input_deviation = 1.0;
  ConvPrecision precision = ConvPrecision::kFloat32;
};

/// Which of a network's tensors LoadWeights set.
struct LoadSummary {
  std::vector<std::string> loaded;
  std::vector<std::string> missing;  // Not given: they keep their values.
};

class TorchNetworkImpl : public torch::nn::Module {
 public:
  /// `network` for inputs of shape `input`, in batches of any size. Weights are drawn from torch's generator by He et
  /// al. 2015; those of regressors (kPositionOutput, kRotationOutput) are small, so that outputs start near the biases.
  /// Throws TrainError for networks that the engine rejects and for layers that cannot be trained.
  TorchNetworkImpl(nn::Network network, const nn::Shape& input, const LearningOptions& options = {});

  /// The network's outputs, each [batch, ...] without rows and columns of size 1. `input_bchw` is fastest in
  /// channels_last memory order. The batch holds sequences of `sequence_length` consecutive frames.
  std::map<std::string, torch::Tensor> forward(const torch::Tensor& input_bchw, std::int64_t sequence_length = 1);

  /// Copies the tensors that have the names of the network's, in the engine's layouts. Throws TrainError if one has a
  /// different shape.
  LoadSummary LoadWeights(const nn::TensorMap& tensors);

  /// The weights in the engine's layouts.
  [[nodiscard]] NamedTensors ExportWeights() const;

  [[nodiscard]] const nn::Network& network() const { return network_; }
  /// The parameters of those names. Unknown names are skipped.
  [[nodiscard]] std::vector<torch::Tensor> ParametersNamed(const std::vector<std::string>& names) const;
  /// The bias of the layer that computes the output `name`: what the output is near before training.
  torch::Tensor OutputBias(const std::string& name);
  /// The weights of that layer, [out, in].
  torch::Tensor OutputWeights(const std::string& name);
  /// What that layer reads, [batch, in]. Single images only.
  torch::Tensor InputOf(const std::string& name, const torch::Tensor& input_bchw);

 private:
  /// The parameters of a layer; undefined tensors if it has none.
  struct Learned {
    torch::Tensor weights;    // Convolution [out, in / groups, rows, columns]; fully connected [out, in];
                              // LSTM [4 hidden, in].
    torch::Tensor recurrent;  // LSTM [4 hidden, hidden].
    torch::Tensor bias;
    torch::nn::BatchNorm2d norm = nullptr;
  };

  void Register(std::size_t layer, const std::vector<nn::Shape>& shapes, BatchNormalization normalization);
  torch::Tensor AddParameter(const std::string& name, torch::Tensor values);
  /// The values of the network by their index; those that no layer or output reads any more are undefined, except
  /// `kept_value`.
  std::vector<torch::Tensor> Values(const torch::Tensor& input_bchw, std::int64_t sequence_length, int kept_value);
  [[nodiscard]] std::size_t LayerOf(const std::string& output_name) const;
  torch::Tensor Apply(std::size_t layer, const std::vector<torch::Tensor>& values, std::int64_t sequence_length);
  /// What convolutions compute in: bfloat16 in training only.
  [[nodiscard]] torch::ScalarType ConvType() const;
  torch::Tensor ApplyConv(const nn::Conv2d& conv, Learned& learned, const torch::Tensor& value);
  torch::Tensor ApplyLstm(const nn::Lstm& lstm, const Learned& learned, const torch::Tensor& input,
                          std::int64_t sequence_length);
  [[nodiscard]] bool IsRegressor(std::size_t layer) const;

  nn::Network network_;
  std::vector<Learned> learned_;  // Parallel to the layers.
  ConvPrecision precision_;
  std::vector<int> last_reader_;  // The last layer that reads each value.
};
TORCH_MODULE(TorchNetwork);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TORCH_NETWORK_H_

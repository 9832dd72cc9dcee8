// SPDX-License-Identifier: Apache-2.0
// A network of the engine as a libtorch module: the same layers, differentiable. There is one definition of each
// architecture, that of src/model; what is trained here is what the engine runs.
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

/// Float tensors by name, in the engine's layouts, that own their elements.
using NamedTensors = std::map<std::string, torch::Tensor, std::less<>>;

/// Whether convolutions are normalised over the batch while they learn.
enum class BatchNormalization {
  kNone,
  /// Conv2d computes activation(BatchNorm(convolution)); ExportWeights folds the statistics into weights and bias.
  /// For networks that learn from random weights. Ioffe and Szegedy 2015.
  kWhileLearning,
};

/// How a network learns.
struct LearningOptions {
  BatchNormalization normalization = BatchNormalization::kNone;
  /// Of the numbers in the input: weights that read it are drawn smaller by as much.
  double input_deviation = 1.0;
  ConvPrecision precision = ConvPrecision::kFloat32;
};

/// What became of the tensors that LoadWeights was given.
struct LoadSummary {
  std::size_t loaded = 0;
  std::vector<std::string> missing;  // Tensors of the network that were not there: they keep their values.
};

class TorchNetworkImpl : public torch::nn::Module {
 public:
  /// `network` for inputs of `input` (the batch may differ). Weights are drawn as He et al. 2015 advise from torch's
  /// generator; those of regressors (kPositionOutput, kRotationOutput) are small, so that they start at their biases.
  /// Throws TrainError for networks that the engine would refuse and for layers that have no derivative.
  TorchNetworkImpl(nn::Network network, const nn::Shape& input, const LearningOptions& options = {});

  /// The network's outputs, each [batch, ...] with rows and columns dropped where they are 1. `input_bchw` is best in
  /// channels_last memory. The batch holds sequences of `sequence_length` frames, one behind the other.
  std::map<std::string, torch::Tensor> forward(const torch::Tensor& input_bchw, std::int64_t sequence_length = 1);

  /// Takes the tensors whose name and shape (the engine's) are the network's. Throws TrainError for a name with
  /// another shape.
  LoadSummary LoadWeights(const nn::TensorMap& tensors);

  /// The weights as the engine reads them.
  [[nodiscard]] NamedTensors ExportWeights() const;

  [[nodiscard]] const nn::Network& network() const { return network_; }
  /// The bias of the layer that makes the output `name`, to be set to what the output shall be at the start.
  torch::Tensor OutputBias(const std::string& name);

 private:
  /// What a layer learns; undefined tensors where it has none.
  struct Learned {
    torch::Tensor weights;    // Convolution [out, in / groups, rows, columns]; fully connected [out, in];
                              // LSTM [4 hidden, in].
    torch::Tensor recurrent;  // LSTM [4 hidden, hidden].
    torch::Tensor bias;
    torch::nn::BatchNorm2d norm = nullptr;
  };

  void Register(std::size_t layer, const std::vector<nn::Shape>& shapes, BatchNormalization normalization);
  torch::Tensor AddParameter(const std::string& name, torch::Tensor values);
  torch::Tensor Apply(std::size_t layer, const std::vector<torch::Tensor>& values, std::int64_t sequence_length);
  /// What convolutions multiply at the moment.
  [[nodiscard]] torch::ScalarType ConvType() const;
  torch::Tensor ApplyConv(const nn::Conv2d& conv, Learned& learned, const torch::Tensor& value);
  torch::Tensor ApplyLstm(const nn::Lstm& lstm, const Learned& learned, const torch::Tensor& input,
                          std::int64_t sequence_length);
  [[nodiscard]] bool IsRegressor(std::size_t layer) const;

  nn::Network network_;
  std::vector<Learned> learned_;  // Parallel to the layers.
  ConvPrecision precision_;
  std::vector<int> last_reader_;  // Of each value: the last layer that reads it.
};
TORCH_MODULE(TorchNetwork);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TORCH_NETWORK_H_

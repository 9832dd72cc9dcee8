// SPDX-License-Identifier: Apache-2.0
// Networks with random weights, for tests and benchmarks.
#ifndef POSENET_NN_TESTING_RANDOM_NETWORK_H_
#define POSENET_NN_TESTING_RANDOM_NETWORK_H_

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "nn/graph/network.h"
#include "nn/graph/weights.h"

namespace posenet::nn {

/// Builds a network layer by layer and fills its weights with uniformly distributed random numbers, scaled such that
/// values stay near 1 through any number of layers.
class TestNetwork {
 public:
  explicit TestNetwork(int input_channels, std::uint32_t seed = 1);

  /// Append a layer and return its value. Weights and names are filled in.
  int AddConv(int input, Conv2d conv);
  int AddFullyConnected(int input, FullyConnected layer, int in_channels);
  /// `step_inputs` is the count of numbers that a time step reads.
  int AddLstm(int input, Lstm lstm, int step_inputs);
  int AddOther(std::vector<int> inputs, Operation operation);
  void AddOutput(int value);
  /// Adds scales of up to `largest` / 255, so that value `value` may be stored as integers.
  void AddScales(int value, float largest);
  /// The same for numbers of either sign, up to about `largest` in magnitude.
  void AddSignedScales(int value, float largest);
  /// Quantizes the weights of the convolution that makes value `value`, whose input must have scales, to int8.
  void MakeInt8(int value);
  /// Rounds the weights of the convolution that makes value `value` to bfloat16.
  void MakeBFloat16(int value);

  [[nodiscard]] const Network& network() const { return network_; }
  [[nodiscard]] Network& network() { return network_; }
  [[nodiscard]] TensorMap Tensors() const;
  [[nodiscard]] int ChannelsOf(int value) const { return channels_[static_cast<std::size_t>(value)]; }

  /// Uniformly distributed in [-magnitude, magnitude].
  std::vector<float> RandomValues(std::int64_t count, float magnitude = 1.0F);
  std::mt19937& random() { return random_; }

 private:
  struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
    // Used in place of `values` if there are any.
    std::vector<std::int8_t> int8_values = {};
    std::vector<std::uint16_t> bfloat16_values = {};
  };

  std::string AddTensor(std::vector<std::int64_t> shape, float magnitude);
  int Append(std::vector<int> inputs, Operation operation);

  std::mt19937 random_;
  Network network_;
  std::vector<int> channels_;
  std::map<std::string, Tensor> tensors_;
};

/// MobileNetV1 (multiplier 1.0) at output stride 16 with PoseNet's four heads: the network that the engine is tuned
/// for.
TestNetwork MobileNetPoseNet();

/// A small MoveNet: inverted residuals, an upsampled map and two heads, many of whose values have either sign. The
/// sides of its input must be even.
TestNetwork SmallMoveNet();

}  // namespace posenet::nn

#endif  // POSENET_NN_TESTING_RANDOM_NETWORK_H_

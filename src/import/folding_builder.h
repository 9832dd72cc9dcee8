// SPDX-License-Identifier: Apache-2.0
// Builds a network and its weights: appends layers, and folds what follows a layer (a factor and a bias for each
// channel, an activation) into it if possible.
#ifndef POSENET_IMPORT_FOLDING_BUILDER_H_
#define POSENET_IMPORT_FOLDING_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::importer {

/// A tensor that owns its numbers, row-major.
struct FloatTensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// y = x * scale[channel] + bias[channel].
struct ChannelAffine {
  std::vector<double> scale;
  std::vector<double> bias;
};

/// Whether other layers read a value too, so that the layer that makes it must not be changed.
enum class Sharing { kExclusive, kShared };

class FoldingBuilder {
 public:
  FoldingBuilder();

  /// Each appends a layer and returns its value. `name` is that of the source; the layer gets a short, unique name
  /// derived from it. Errors: kResourceExhausted when all tensors together have more than
  /// `kMaxWeightElements`.
  Result<int> AddConv(std::string_view name, int input, const nn::Window& window, int groups, FloatTensor weights_hwio);
  Result<int> AddFullyConnected(std::string_view name, int input, FloatTensor weights_io);
  int AddPool(std::string_view name, int input, nn::PoolKind kind, const nn::Window& window);
  int AddGlobalAveragePool(std::string_view name, int input);
  int AddSum(std::string_view name, std::vector<int> inputs);
  int AddConcat(std::string_view name, std::vector<int> inputs);
  int AddUpsample(std::string_view name, int input, int factor);

  /// The value with `affine` applied: folded into the layer that makes it, or in a new layer.
  Result<int> Apply(std::string_view name, int value, Sharing sharing, const ChannelAffine& affine);
  Result<int> Apply(std::string_view name, int value, Sharing sharing, nn::Activation activation);

  /// The value, zero-padded by a new layer.
  Result<int> AddBorder(std::string_view name, int value, const nn::Padding& border);

  void AddOutput(std::string name, int value) { network_.outputs.push_back({std::move(name), value}); }

  /// The shape of a value for an image of this size. Errors: those of InferShapes.
  [[nodiscard]] Result<nn::Shape> ShapeOf(int value, int image_height, int image_width) const;
  [[nodiscard]] int channels(int value) const { return traits_[static_cast<std::size_t>(value)].channels; }
  /// Whether the value is known to have one row and one column.
  [[nodiscard]] bool is_vector(int value) const { return traits_[static_cast<std::size_t>(value)].is_vector; }
  /// Whether the value is known to have no negative elements.
  [[nodiscard]] bool is_nonnegative(int value) const { return traits_[static_cast<std::size_t>(value)].is_nonnegative; }

  /// Counts `elements` against `kMaxWeightElements`: a small hostile file could use the same weights many times.
  Result<void> Reserve(std::size_t elements);

  /// The finished network; the builder is empty afterwards.
  nn::Network TakeNetwork() { return std::move(network_); }
  std::map<std::string, FloatTensor> TakeTensors() { return std::move(tensors_); }

 private:
  struct Traits {
    int channels = 0;
    bool is_vector = false;
    bool is_nonnegative = false;
  };

  int Append(std::string name, std::vector<int> inputs, nn::Operation operation, Traits traits);
  // Folds `affine` into a layer that has weights and no activation yet.
  Result<void> Fold(const ChannelAffine& affine, nn::Layer& layer);
  std::string UniqueName(std::string name);
  nn::Layer* LayerOf(int value);

  nn::Network network_;
  std::vector<Traits> traits_;  // By value.
  std::map<std::string, FloatTensor> tensors_;
  std::map<std::string, int> name_counts_;
  std::size_t elements_ = 0;
};

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_FOLDING_BUILDER_H_

// SPDX-License-Identifier: Apache-2.0
// The tensors that a network reads, and whether a set of tensors provides them.
#ifndef POSENET_MODEL_NETWORK_WEIGHTS_H_
#define POSENET_MODEL_NETWORK_WEIGHTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::model {

/// How a tensor must match WeightUse::shape.
enum class ShapeRule {
  kExact,
  /// The first extent may be any multiple: fully connected layers and LSTMs read rows x columns x channels, and rows
  /// and columns are only known to a plan.
  kMultipleOfFirst,
};

/// The element types that a tensor may have.
enum class ElementRule {
  kFloatingPoint,
  kFloatingPointOrInt8,
  kBytes,  ///< uint8 or int8.
  kInt32,
};

/// A tensor as a layer reads it.
struct WeightUse {
  std::vector<std::int64_t> shape;
  ShapeRule rule = ShapeRule::kExact;
  ElementRule elements = ElementRule::kFloatingPoint;
  std::string layer;
};

/// The tensors that `network` reads, by name.
/// Errors: those of nn::InferChannels; kInvalidArgument for a tensor that two layers read in different shapes or as
/// different element types.
Result<std::map<std::string, WeightUse>> WeightsOf(const nn::Network& network);

/// Checks that `tensors` has every tensor that `network` reads, in its shape and with an allowed element type. Does not
/// read the elements. Errors: kCorruptData naming tensor and layer; kUnsupported for other types; those of WeightsOf.
Result<void> ValidateWeights(const nn::Network& network, const nn::TensorMap& tensors);

}  // namespace posenet::model

#endif  // POSENET_MODEL_NETWORK_WEIGHTS_H_

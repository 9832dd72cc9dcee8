// SPDX-License-Identifier: Apache-2.0
// Converts (lowers) a graph to a network: folds constants, moves batch normalization, biases, padding and activations
// into layers, and preprocessing into the normalization of the input.
#ifndef POSENET_IMPORT_LOWER_H_
#define POSENET_IMPORT_LOWER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "import/folding_builder.h"
#include "import/graph.h"
#include "import/roles.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::importer {

/// What a graph does with its input before the first layer: x * scale + bias[channel].
struct Preprocessing {
  double scale = 1.0;
  std::array<double, 3> bias = {0.0, 0.0, 0.0};
};

/// An integer tensor in row-major order.
struct IntegerTensor {
  nn::DType type = nn::DType::kUint8;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;
};

struct LoweredGraph {
  nn::Network network;  // Its outputs have the names of their roles.
  std::map<std::string, FloatTensor> tensors;
  std::map<std::string, IntegerTensor> integer_tensors;
  std::optional<Preprocessing> preprocessing;
};

/// Lowers the nodes that `outputs` depend on; others may be invalid.
/// Errors: kUnsupported naming the operation and the node, kCorruptData for cycles and for constants of wrong shapes
/// or that are not finite, kResourceExhausted for more than kMaxWeightElements.
Result<LoweredGraph> Lower(const Graph& graph, const std::vector<RoleOutput>& outputs);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_LOWER_H_

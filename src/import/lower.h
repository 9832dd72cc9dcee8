// SPDX-License-Identifier: Apache-2.0
// From the graph of a foreign file to a network of ours: constants are folded, batch normalisation, biases, padding and
// activations go into the layers they belong to, preprocessing becomes the input's normalisation.
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

/// What the graph itself does to its input before the first layer: x * scale + bias[channel].
struct Preprocessing {
  double scale = 1.0;
  std::array<double, 3> bias = {0.0, 0.0, 0.0};
};

/// A tensor of whole numbers, row-major.
struct IntegerTensor {
  nn::DType type = nn::DType::kUint8;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;
};

struct LoweredGraph {
  nn::Network network;  // Its outputs are named by their roles.
  std::map<std::string, FloatTensor> tensors;
  std::map<std::string, IntegerTensor> integer_tensors;
  std::optional<Preprocessing> preprocessing;
};

/// Lowers what `outputs` depend on; other nodes may be anything.
/// Errors: kUnsupported naming the operation and the node, kCorruptData for cycles and for constants that do not fit
/// or are not finite, kResourceExhausted for absurd amounts of weights.
Result<LoweredGraph> Lower(const Graph& graph, const std::vector<RoleOutput>& outputs);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_LOWER_H_

// SPDX-License-Identifier: Apache-2.0
// FoldUpsampling.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "import/graph.h"

namespace posenet::importer {
namespace {

const Node& At(const Graph& graph, int node) { return graph.nodes[static_cast<std::size_t>(node)]; }

// Whether `node` computes the rows and columns of `value`: StridedSlice(Shape(value), [1], [3], [1]).
bool IsImageSizeOf(const Graph& graph, int node, int value) {
  const Node& slice = At(graph, node);
  if (slice.op != Op::kStridedSlice) return false;
  const Node& shape = At(graph, slice.inputs[0]);
  if (shape.op != Op::kShape || shape.inputs[0] != value) return false;
  const std::int32_t expected[] = {1, 3, 1};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto numbers = IntegersOf(graph, slice.inputs[i + 1], 1);
    if (!numbers || numbers->front() != expected[i]) return false;
  }
  return true;
}

// The factor by which `size` exceeds the rows and columns of `value`; nothing if it is computed in another way.
std::optional<int> FactorOf(const Graph& graph, int size, int value) {
  const Node& product = At(graph, size);
  if (product.op != Op::kMul || !IsImageSizeOf(graph, product.inputs[0], value)) return std::nullopt;
  const auto factors = IntegersOf(graph, product.inputs[1], 2);
  if (!factors || (*factors)[0] != (*factors)[1]) return std::nullopt;
  return (*factors)[0];
}

}  // namespace

void FoldUpsampling(Graph& graph) {
  for (Node& node : graph.nodes) {
    if (node.op != Op::kResizeBilinear || node.inputs.size() < 2) continue;
    const auto factor = FactorOf(graph, node.inputs[1], node.inputs[0]);
    if (!factor) continue;
    node.factor = *factor;
    node.inputs.resize(1);
  }
}

}  // namespace posenet::importer

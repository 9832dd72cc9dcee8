// SPDX-License-Identifier: Apache-2.0
// Converts (lowers) the graph of a uint8 TFLite model to a network. Nothing is folded or rounded: the network uses the
// integers of the file.
#ifndef POSENET_IMPORT_LOWER_QUANTIZED_H_
#define POSENET_IMPORT_LOWER_QUANTIZED_H_

#include <vector>

#include "import/graph.h"
#include "import/lower.h"
#include "import/roles.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Lowers the nodes that `outputs` depend on; outputs are dequantized.
/// Errors: kUnsupported naming the operation and the node, and for weights with a scale for each channel; kCorruptData
/// for cycles, for constants of wrong shapes, and for scales and zero points that are missing or out of range.
Result<LoweredGraph> LowerQuantized(const Graph& graph, const std::vector<RoleOutput>& outputs);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_LOWER_QUANTIZED_H_

// SPDX-License-Identifier: Apache-2.0
// The topology of a TensorFlow.js graph model: a TensorFlow GraphDef as JSON, with strings in base64 and 64-bit
// integers as decimal strings.
#ifndef POSENET_IMPORT_TFJS_GRAPH_H_
#define POSENET_IMPORT_TFJS_GRAPH_H_

#include <nlohmann/json_fwd.hpp>

#include "import/graph.h"
#include "import/tfjs_weights.h"
#include "posenet/result.h"

namespace posenet::importer {

/// The graph of `model` (a whole model.json) with its constants. Its outputs are those of the model's signature, or
/// without one the nodes that no other node reads. Errors of a node are in Node::problem.
/// Errors: kCorruptData for topologies without a list of nodes, missing and duplicate names, and inputs that do not
/// exist.
Result<Graph> ReadTfjsGraph(const nlohmann::json& model, const ConstantMap& constants);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TFJS_GRAPH_H_

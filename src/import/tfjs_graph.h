// SPDX-License-Identifier: Apache-2.0
// The topology of a TensorFlow.js graph model: a TensorFlow GraphDef written as JSON, in which strings are base64 and
// 64-bit integers are decimal strings.
#ifndef POSENET_IMPORT_TFJS_GRAPH_H_
#define POSENET_IMPORT_TFJS_GRAPH_H_

#include <nlohmann/json_fwd.hpp>

#include "import/graph.h"
#include "import/tfjs_weights.h"
#include "posenet/result.h"

namespace posenet::importer {

/// The graph of `model` (a whole model.json) with its constants. Its outputs are those that the model's signature
/// declares, or the nodes that no other node reads. What a node has wrong is noted in the node.
/// Errors: kCorruptData when the topology is not a graph: no list of nodes, names that are missing or appear twice,
/// inputs that do not exist.
Result<Graph> ReadTfjsGraph(const nlohmann::json& model, const ConstantMap& constants);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TFJS_GRAPH_H_

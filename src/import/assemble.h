// SPDX-License-Identifier: Apache-2.0
// The last step of every importer: makes a model of a graph.
#ifndef POSENET_IMPORT_ASSEMBLE_H_
#define POSENET_IMPORT_ASSEMBLE_H_

#include <string>

#include "import/graph.h"
#include "model/model_spec.h"
#include "posenet/result.h"

namespace posenet::importer {

/// The PoseNet that `graph` computes. Name, architecture and normalization follow from the structure of the network;
/// `source` becomes ModelSpec::source.
/// Errors: those of AssignRoles and Lower; kUnsupported for a network that is not a PoseNet.
Result<model::LoadedModel> AssembleModel(Graph graph, std::string source);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_ASSEMBLE_H_

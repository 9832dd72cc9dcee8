// SPDX-License-Identifier: Apache-2.0
// Identifies the maps of a MoveNet in its graph, which ends in a decoder: only the network before that is imported.
#ifndef POSENET_IMPORT_MOVENET_H_
#define POSENET_IMPORT_MOVENET_H_

#include <vector>

#include "import/graph.h"
#include "import/roles.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Whether `graph` has the scopes of a MoveNet's heads.
bool IsMoveNet(const Graph& graph);

/// The results of the heads: center, keypoint heatmap, regression and offset and, of networks for several people, box
/// offset and scale (model_spec.h), in this order. Errors: kUnsupported if a head is missing, or has several results.
/// Source: the graphs of tfhub.dev/google/movenet, and TensorFlow's object_detection/meta_architectures/
/// center_net_meta_arch.py, which they are made by.
Result<std::vector<RoleOutput>> AssignMoveNetRoles(const Graph& graph);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_MOVENET_H_

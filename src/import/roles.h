// SPDX-License-Identifier: Apache-2.0
// Identifies the maps of a network for human pose in a graph.
#ifndef POSENET_IMPORT_ROLES_H_
#define POSENET_IMPORT_ROLES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "import/graph.h"
#include "posenet/result.h"

namespace posenet::importer {

/// A node that computes an output map, and the map's canonical name (model_spec.h).
struct RoleOutput {
  std::string role;
  int node = 0;
};

/// The number of channels of that map.
std::int64_t ChannelsOfRole(std::string_view role);

/// The maps of a MoveNet (movenet.h), or the outputs of `graph` that are PoseNet's maps: heatmap, offset and the
/// displacements, in this order. They are identified by name and checked by channel count; without meaningful names by
/// channel count and PoseNet's order of outputs. Other outputs (segments, part heatmaps, long offsets) are left out, as
/// is a sigmoid on the heatmap: ours are logits. Errors: kUnsupported when a map is missing.
Result<std::vector<RoleOutput>> AssignRoles(const Graph& graph);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_ROLES_H_

// SPDX-License-Identifier: Apache-2.0
// Which output of a foreign graph is which map of PoseNet.
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

/// Channels of the map of that name.
std::int64_t ChannelsOfRole(std::string_view role);

/// The outputs of `graph` that are PoseNet's maps: heatmap, offset and the displacements, in this order. Names decide,
/// checked by channel counts; where the names say nothing, the channel counts and PoseNet's order of outputs do. Other
/// outputs (segments, part heatmaps, long offsets) are left out. A sigmoid on the heatmap is left out: ours are logits.
/// Errors: kUnsupported when a map is missing.
Result<std::vector<RoleOutput>> AssignRoles(const Graph& graph);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_ROLES_H_

// SPDX-License-Identifier: Apache-2.0
#include "import/movenet.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "model/model_spec.h"

namespace posenet::importer {
namespace {

// A head's scope in the names of its nodes.
struct Head {
  std::string_view scope;
  std::string_view role;
};

constexpr std::array kHeads = {
    Head{"center_0", model::kCenterOutput},
    Head{"kpt_heatmap_0", model::kKeypointHeatmapOutput},
    Head{"kpt_regress_0", model::kKeypointRegressionOutput},
    Head{"kpt_offset_0", model::kKeypointOffsetOutput},
};
constexpr std::array kBoxHeads = {
    Head{"box_offset_0", model::kBoxOffsetOutput},
    Head{"box_scale_0", model::kBoxScaleOutput},
};

bool IsInScope(const Node& node, std::string_view scope) {
  std::string_view rest = node.name;
  while (true) {
    const std::size_t slash = rest.find('/');
    if (rest.substr(0, slash) == scope) return true;
    if (slash == std::string_view::npos) return false;
    rest.remove_prefix(slash + 1);
  }
}

bool HasScope(const Graph& graph, std::string_view scope) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                     [scope](const Node& node) { return IsInScope(node, scope); });
}

// The node in the scope whose result no other node of it reads.
Result<int> ResultOf(const Graph& graph, std::string_view scope) {
  std::vector<char> is_inner(graph.nodes.size(), 0);
  for (const Node& node : graph.nodes) {
    if (!IsInScope(node, scope)) continue;
    for (const int input : node.inputs) is_inner[static_cast<std::size_t>(input)] = 1;
  }
  std::vector<int> results;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (is_inner[i] == 0 && node.op != Op::kConstant && IsInScope(node, scope)) results.push_back(static_cast<int>(i));
  }
  if (results.size() == 1) return results[0];
  return base::Fail(ErrorCode::kUnsupported, "not a MoveNet that we know: the nodes of ", scope, " have ",
                    results.size(), " results; expected one");
}

}  // namespace

bool IsMoveNet(const Graph& graph) { return HasScope(graph, "kpt_heatmap_0") && HasScope(graph, "kpt_regress_0"); }

Result<std::vector<RoleOutput>> AssignMoveNetRoles(const Graph& graph) {
  std::vector<Head> heads(kHeads.begin(), kHeads.end());
  if (HasScope(graph, kBoxHeads[0].scope)) heads.insert(heads.end(), kBoxHeads.begin(), kBoxHeads.end());
  std::vector<RoleOutput> outputs;
  for (const Head& head : heads) {
    POSENET_ASSIGN_OR_RETURN(const int node, ResultOf(graph, head.scope));
    outputs.push_back({std::string(head.role), node});
  }
  return outputs;
}

}  // namespace posenet::importer

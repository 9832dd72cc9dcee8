// SPDX-License-Identifier: Apache-2.0
#include "import/roles.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/ascii.h"
#include "base/error.h"
#include "import/movenet.h"
#include "model/model_spec.h"

namespace posenet::importer {
namespace {

constexpr std::string_view kDropped = "dropped";

struct Role {
  std::string_view name;
  std::int64_t channels;
};

constexpr std::array kRoles = {
    Role{model::kHeatmapOutput, 17},         Role{model::kOffsetOutput, 34},
    Role{model::kDisplacementFwdOutput, 32}, Role{model::kDisplacementBwdOutput, 32},
    Role{model::kDisplacementOutput, 64},
};

// Of a MoveNet (movenet.h).
constexpr std::array kMoveNetRoles = {
    Role{model::kCenterOutput, 1},
    Role{model::kKeypointHeatmapOutput, 17},
    Role{model::kKeypointRegressionOutput, 34},
    Role{model::kKeypointOffsetOutput, 34},
    Role{model::kBoxOffsetOutput, 2},
    Role{model::kBoxScaleOutput, 2},
};

constexpr std::int64_t kUnknownChannels = -1;

struct Candidate {
  int node;
  std::vector<std::string> names;  // Of this node and those before it up to the convolution, last first.
  std::int64_t channels;
  std::string_view role;  // Empty while unknown.
};

// Fills in `candidate`'s names and channels, going up from its node to the convolution that makes the map.
void LookUpwards(const Graph& graph, Candidate& candidate) {
  int at = candidate.node;
  for (std::size_t steps = 0; steps <= graph.nodes.size(); ++steps) {
    const Node& node = graph.nodes[static_cast<std::size_t>(at)];
    candidate.names.push_back(node.name);
    if (IsConvolution(node.op)) {
      candidate.names.push_back(graph.nodes[static_cast<std::size_t>(node.inputs[1])].name);
      if (const auto kernel = KernelShapeOf(graph, node)) candidate.channels = kernel->out_channels;
      return;
    }
    if (!IsElementwise(node.op)) return;
    at = ValueInput(graph, node);
  }
}

// The role that one part of a slash-separated name indicates; kDropped for maps that are not used; empty for others.
std::string_view RoleOfWord(std::string_view word) {
  const auto has = [word](std::string_view piece) { return word.find(piece) != std::string_view::npos; };
  const bool of_parts = has("part_heatmap") || has("part_offset");
  if (of_parts || has("long_offset") || has("segment")) return kDropped;
  if (has("displacement") || has("mid_offset")) {
    if (has("fwd") || has("forward")) return model::kDisplacementFwdOutput;
    if (has("bwd") || has("backward")) return model::kDisplacementBwdOutput;
    return model::kDisplacementOutput;
  }
  if (has("heatmap")) return model::kHeatmapOutput;
  if (has("offset")) return model::kOffsetOutput;
  return {};
}

// The last word has precedence, because the words before it are scopes.
std::string_view RoleOfName(std::string_view original_name) {
  const std::string name = base::AsciiToLower(original_name);
  std::string_view rest = name;
  while (!rest.empty()) {
    const std::size_t slash = rest.rfind('/');
    const std::string_view word = slash == std::string_view::npos ? rest : rest.substr(slash + 1);
    if (const std::string_view role = RoleOfWord(word); !role.empty()) return role;
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(0, slash);
  }
  return {};
}

std::string_view RoleOfNames(const Candidate& candidate) {
  for (const std::string& name : candidate.names) {
    const std::string_view role = RoleOfName(name);
    if (role.empty()) continue;
    if (role == kDropped || candidate.channels == kUnknownChannels || candidate.channels == ChannelsOfRole(role)) {
      return role;
    }
  }
  return {};
}

const Candidate* Find(const std::vector<Candidate>& candidates, std::string_view role) {
  const auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [role](const Candidate& candidate) { return candidate.role == role; });
  return found == candidates.end() ? nullptr : &*found;
}

std::vector<Candidate> Candidates(const Graph& graph) {
  std::vector<Candidate> candidates;
  for (const GraphOutput& output : graph.outputs) {
    Candidate candidate{output.node, {output.name}, kUnknownChannels, {}};
    LookUpwards(graph, candidate);
    const std::string_view role = RoleOfNames(candidate);
    // The first one with a role has it; others are not used.
    candidate.role = !role.empty() && Find(candidates, role) != nullptr ? kDropped : role;
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

// Assigns the roles that names did not by the number of channels. The only ambiguity, forward or backward
// displacements, is resolved by order: in every PoseNet the forward ones are first.
void AssignByChannels(std::vector<Candidate>& candidates) {
  for (const Role& role : kRoles) {
    if (Find(candidates, role.name) != nullptr) continue;
    const auto match = std::find_if(candidates.begin(), candidates.end(), [&role](const Candidate& candidate) {
      return candidate.role.empty() && candidate.channels == role.channels;
    });
    if (match != candidates.end()) match->role = role.name;
  }
}

Result<int> SkipSigmoid(const Graph& graph, int node) {
  POSENET_ASSIGN_OR_RETURN(const int source, SkipIdentities(graph, node));
  const Node& here = graph.nodes[static_cast<std::size_t>(source)];
  return here.op == Op::kSigmoid ? here.inputs[0] : source;
}

}  // namespace

std::int64_t ChannelsOfRole(std::string_view role) {
  for (const std::span<const Role> roles : {std::span<const Role>(kRoles), std::span<const Role>(kMoveNetRoles)}) {
    const auto found = std::find_if(roles.begin(), roles.end(), [role](const Role& r) { return r.name == role; });
    if (found != roles.end()) return found->channels;
  }
  return kUnknownChannels;
}

Result<std::vector<RoleOutput>> AssignRoles(const Graph& graph) {
  if (IsMoveNet(graph)) return AssignMoveNetRoles(graph);
  std::vector<Candidate> candidates = Candidates(graph);
  AssignByChannels(candidates);
  std::vector<std::string_view> wanted = {model::kHeatmapOutput, model::kOffsetOutput};
  const bool split = Find(candidates, model::kDisplacementFwdOutput) != nullptr;
  if (!split && Find(candidates, model::kDisplacementOutput) != nullptr) {
    wanted.emplace_back(model::kDisplacementOutput);
  } else {
    wanted.insert(wanted.end(), {model::kDisplacementFwdOutput, model::kDisplacementBwdOutput});
  }
  std::vector<RoleOutput> outputs;
  for (const std::string_view role : wanted) {
    const Candidate* candidate = Find(candidates, role);
    if (candidate == nullptr) {
      return base::Fail(ErrorCode::kUnsupported, "not a PoseNet: none of its ", graph.outputs.size(), " outputs is a ",
                        role, " map of ", ChannelsOfRole(role), " channels");
    }
    int node = candidate->node;
    if (role == model::kHeatmapOutput) {
      POSENET_ASSIGN_OR_RETURN(node, SkipSigmoid(graph, node));
    }
    outputs.push_back({std::string(role), node});
  }
  return outputs;
}

}  // namespace posenet::importer

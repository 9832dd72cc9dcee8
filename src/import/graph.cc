// SPDX-License-Identifier: Apache-2.0
#include "import/graph.h"

#include <algorithm>
#include <cstddef>

#include "base/error.h"

namespace posenet::importer {
namespace {

std::size_t RequiredInputs(Op op) {
  switch (op) {
    case Op::kInput:
    case Op::kConstant:
    case Op::kUnsupported:
      return 0;
    case Op::kIdentity:
    case Op::kRsqrt:
    case Op::kRelu:
    case Op::kRelu6:
    case Op::kSigmoid:
    case Op::kMaxPool:
    case Op::kAveragePool:
    case Op::kReshape:
    case Op::kQuantize:
    case Op::kResizeBilinear:
    case Op::kShape:
      return 1;
    case Op::kConv2d:
    case Op::kDepthwiseConv2d:
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kPad:
    case Op::kMean:
    case Op::kConcat:
    case Op::kMatMul:
    case Op::kExpandDims:
      return 2;
    case Op::kSpaceToBatch:
    case Op::kBatchToSpace:
      return 3;
    case Op::kStridedSlice:
      return 4;
    case Op::kBatchNorm:
      return 5;
  }
  return 0;
}

}  // namespace

void CheckInputCounts(Graph& graph) {
  for (Node& node : graph.nodes) {
    const std::size_t required = RequiredInputs(node.op);
    if (node.inputs.size() >= required) continue;
    node.problem = Error{ErrorCode::kCorruptData, base::StrCat(Describe(node), " has ", node.inputs.size(),
                                                               " inputs, expected at least ", required)};
    node.op = Op::kUnsupported;
  }
}

std::string Describe(const Node& node) {
  return base::StrCat(base::Printable(node.kind), " node ", base::Printable(node.name));
}

Result<int> SkipIdentities(const Graph& graph, int node) {
  for (std::size_t steps = 0; steps <= graph.nodes.size(); ++steps) {
    const Node& here = graph.nodes[static_cast<std::size_t>(node)];
    if (here.op != Op::kIdentity) return node;
    node = here.inputs[0];
  }
  return base::Fail(ErrorCode::kCorruptData, Describe(graph.nodes[static_cast<std::size_t>(node)]),
                    " depends on itself");
}

Result<std::vector<int>> TopologicalOrder(const Graph& graph, const std::vector<int>& roots) {
  enum class State : char { kNew, kOpen, kDone };
  struct Visit {
    int node;
    std::size_t next_input;
  };
  std::vector<State> states(graph.nodes.size(), State::kNew);
  std::vector<Visit> stack;  // Not recursive: a hostile graph may be deeper than the call stack.
  std::vector<int> order;
  for (const int root : roots) {
    if (states[static_cast<std::size_t>(root)] == State::kNew) stack.push_back({root, 0});
    while (!stack.empty()) {
      Visit& visit = stack.back();
      const Node& node = graph.nodes[static_cast<std::size_t>(visit.node)];
      State& state = states[static_cast<std::size_t>(visit.node)];
      if (visit.next_input == node.inputs.size()) {
        state = State::kDone;
        order.push_back(visit.node);
        stack.pop_back();
        continue;
      }
      state = State::kOpen;
      const int input = node.inputs[visit.next_input++];
      const State input_state = states[static_cast<std::size_t>(input)];
      if (input_state == State::kOpen) {
        return base::Fail(ErrorCode::kCorruptData, Describe(graph.nodes[static_cast<std::size_t>(input)]),
                          " depends on itself");
      }
      if (input_state == State::kNew) stack.push_back({input, 0});
    }
  }
  return order;
}

Result<std::vector<std::int32_t>> IntegersOf(const Graph& graph, int node, int count) {
  POSENET_ASSIGN_OR_RETURN(const int source, SkipIdentities(graph, node));
  const Node& constant = graph.nodes[static_cast<std::size_t>(source)];
  const bool integers = constant.op == Op::kConstant && constant.constant != nullptr &&
                        constant.constant->floats.empty() && constant.constant->bytes.empty();
  if (!integers || (count >= 0 && constant.constant->ints.size() != static_cast<std::size_t>(count))) {
    return base::Fail(ErrorCode::kUnsupported, Describe(constant), " is not a constant of ",
                      count >= 0 ? base::StrCat(count, " ") : std::string(), "integers");
  }
  return constant.constant->ints;
}

bool IsElementwise(Op op) {
  return op == Op::kIdentity || op == Op::kAdd || op == Op::kSub || op == Op::kMul || op == Op::kDiv ||
         op == Op::kBatchNorm || op == Op::kRelu || op == Op::kRelu6 || op == Op::kSigmoid;
}

std::optional<KernelShape> KernelShapeOf(const Node& convolution, const Constant& weights) {
  if (weights.shape.size() != 4) return std::nullopt;
  const auto& shape = weights.shape;
  const bool depthwise = convolution.op == Op::kDepthwiseConv2d;
  if (convolution.weight_layout == WeightLayout::kOutputFirst) {
    return KernelShape{shape[1], shape[2], depthwise ? 1 : shape[3], depthwise ? shape[3] : shape[0]};
  }
  return KernelShape{shape[0], shape[1], depthwise ? 1 : shape[2], depthwise ? shape[2] * shape[3] : shape[3]};
}

std::optional<KernelShape> KernelShapeOf(const Graph& graph, const Node& convolution) {
  const auto source = SkipIdentities(graph, convolution.inputs[1]);
  if (!source) return std::nullopt;
  const Node& weights = graph.nodes[static_cast<std::size_t>(*source)];
  if (weights.op != Op::kConstant || weights.constant == nullptr) return std::nullopt;
  return KernelShapeOf(convolution, *weights.constant);
}

int ValueInput(const Graph& graph, const Node& node) {
  for (const int input : node.inputs) {
    const auto source = SkipIdentities(graph, input);
    if (source && graph.nodes[static_cast<std::size_t>(*source)].op != Op::kConstant) return input;
  }
  return node.inputs[0];
}

namespace {

// A convolution between SpaceToBatchND and BatchToSpaceND: indices into Graph::nodes.
struct BatchedConvolution {
  int space_to_batch;
  int convolution;
};

// How often each node is used.
std::vector<int> CountUses(const Graph& graph) {
  std::vector<int> uses(graph.nodes.size(), 0);
  for (const Node& node : graph.nodes) {
    for (const int input : node.inputs) ++uses[static_cast<std::size_t>(input)];
  }
  for (const GraphOutput& output : graph.outputs) ++uses[static_cast<std::size_t>(output.node)];
  return uses;
}

// Searches from `batch_to_space` along the inputs for the convolution and the SpaceToBatchND before it. The nodes in
// between must not be used elsewhere, because they are changed.
std::optional<BatchedConvolution> FindBatchedConvolution(const Graph& graph, const std::vector<int>& uses,
                                                         const Node& batch_to_space) {
  int at = batch_to_space.inputs[0];
  for (std::size_t steps = 0; steps < graph.nodes.size(); ++steps) {
    const Node& node = graph.nodes[static_cast<std::size_t>(at)];
    if (uses[static_cast<std::size_t>(at)] != 1) return std::nullopt;
    if (IsConvolution(node.op)) {
      const auto before = SkipIdentities(graph, node.inputs[0]);
      if (!before || graph.nodes[static_cast<std::size_t>(*before)].op != Op::kSpaceToBatch) return std::nullopt;
      return BatchedConvolution{*before, at};
    }
    // Elementwise operations commute with BatchToSpaceND.
    if (!IsElementwise(node.op)) return std::nullopt;
    at = ValueInput(graph, node);
  }
  return std::nullopt;
}

// Rows and columns.
template <typename T>
struct Axes {
  T rows;
  T columns;
  friend bool operator==(const Axes&, const Axes&) = default;
};

// Pixels added on one axis.
struct Border {
  std::int64_t before;
  std::int64_t after;
  friend bool operator==(const Border&, const Border&) = default;
};

// Whether a convolution with this window, on batches of interleaved pixels, is equivalent to a dilated one.
bool MayBecomeDilated(const nn::Window& window, const KernelShape& kernel) {
  const bool pointwise = kernel.height == 1 && kernel.width == 1;
  return window.stride_height == 1 && window.stride_width == 1 && window.dilation_height == 1 &&
         window.dilation_width == 1 && (window.padding.mode == nn::PaddingMode::kValid || pointwise);
}

// TensorFlow's SAME for stride 1.
Border SameBorder(std::int64_t kernel, std::int64_t dilation) {
  const std::int64_t total = (kernel - 1) * dilation;
  return {total / 2, total - total / 2};
}

constexpr std::int64_t kMaxBlock = 1 << 15;  // Far larger than any image; prevents overflow of sums and products.

// The padding of the dilated convolution: the paddings of SpaceToBatchND minus the crops of BatchToSpaceND. Nothing if
// that is negative.
std::optional<nn::Padding> PaddingOf(const Axes<Border>& border, const Axes<Border>& same_border) {
  if (border == same_border) return nn::Padding{};
  for (const std::int64_t pixels :
       {border.rows.before, border.rows.after, border.columns.before, border.columns.after}) {
    if (pixels < 0 || pixels > kMaxBlock) return std::nullopt;
  }
  return nn::Padding{nn::PaddingMode::kExplicit, static_cast<int>(border.rows.before),
                     static_cast<int>(border.rows.after), static_cast<int>(border.columns.before),
                     static_cast<int>(border.columns.after)};
}

// The window of the dilated convolution; nothing if there is no equivalent one.
std::optional<nn::Window> DilatedWindow(const Graph& graph, const Node& space_to_batch, const Node& convolution,
                                        const Node& batch_to_space) {
  const auto kernel = KernelShapeOf(graph, convolution);
  const auto block = IntegersOf(graph, space_to_batch.inputs[1], 2);
  const auto block_after = IntegersOf(graph, batch_to_space.inputs[1], 2);
  const auto pads = IntegersOf(graph, space_to_batch.inputs[2], 4);
  const auto crops = IntegersOf(graph, batch_to_space.inputs[2], 4);
  if (!kernel || !block || !block_after || !pads || !crops) return std::nullopt;
  if (!MayBecomeDilated(convolution.window, *kernel) || *block != *block_after) return std::nullopt;
  const auto [least, most] = std::minmax((*block)[0], (*block)[1]);
  if (least < 1 || most > kMaxBlock || kernel->height > kMaxBlock || kernel->width > kMaxBlock) return std::nullopt;
  const auto border = [&](std::size_t side) {
    return Border{std::int64_t{(*pads)[side]} - (*crops)[side], std::int64_t{(*pads)[side + 1]} - (*crops)[side + 1]};
  };
  const auto padding = PaddingOf({border(0), border(2)},
                                 {SameBorder(kernel->height, (*block)[0]), SameBorder(kernel->width, (*block)[1])});
  if (!padding) return std::nullopt;
  nn::Window window = convolution.window;
  window.dilation_height = (*block)[0];
  window.dilation_width = (*block)[1];
  window.padding = *padding;
  return window;
}

}  // namespace

void FoldSpaceToBatch(Graph& graph) {
  const std::vector<int> uses = CountUses(graph);
  for (Node& batch_to_space : graph.nodes) {
    if (batch_to_space.op != Op::kBatchToSpace) continue;
    const auto found = FindBatchedConvolution(graph, uses, batch_to_space);
    if (!found) continue;
    const Node& space_to_batch = graph.nodes[static_cast<std::size_t>(found->space_to_batch)];
    Node& convolution = graph.nodes[static_cast<std::size_t>(found->convolution)];
    const auto window = DilatedWindow(graph, space_to_batch, convolution, batch_to_space);
    if (!window) continue;
    convolution.window = *window;
    convolution.inputs[0] = space_to_batch.inputs[0];
    batch_to_space.op = Op::kIdentity;
    batch_to_space.inputs.resize(1);
  }
}

}  // namespace posenet::importer

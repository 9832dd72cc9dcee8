// SPDX-License-Identifier: Apache-2.0
// Private to import: how a graph is lowered (lower.h). lower.cc has the walk, lower_layers.cc the operations that
// become layers, lower_arithmetic.cc those that are folded into the layer before them.
#ifndef POSENET_IMPORT_LOWERING_H_
#define POSENET_IMPORT_LOWERING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "import/folding_builder.h"
#include "import/graph.h"
#include "import/lower.h"
#include "import/padding.h"
#include "import/roles.h"
#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Limits of what a file may ask for.
inline constexpr int kMaxLayerChannels = 1 << 16;
inline constexpr std::int32_t kMaxBorder = 1 << 15;

/// The result of a node: a constant, or a value of the network together with operations that are not applied to it yet.
struct Symbol {
  std::shared_ptr<const Constant> constant;  ///< Null for values.
  int value = 0;
  nn::Padding border = kNoBorder;              ///< Zero padding that is not applied yet.
  std::optional<ChannelAffine> preprocessing;  ///< Of the network's input only; not applied.
  Sharing sharing = Sharing::kShared;
  bool is_flat = false;  ///< Whether rows, columns and channels are one axis.

  [[nodiscard]] bool has_border() const { return border != kNoBorder; }
};

/// The walk through a graph that makes a network of it, node by node in topological order.
class Lowering {
 public:
  explicit Lowering(const Graph& graph) : graph_(graph), symbols_(graph.nodes.size()), uses_(graph.nodes.size(), 0) {}

  Result<LoweredGraph> Run(const std::vector<RoleOutput>& outputs);

 private:
  Result<Symbol> Evaluate(const Node& node);
  Result<Symbol> EvaluateInput(const Node& node);
  Result<Symbol> EvaluateConstant(const Node& node);
  Result<Symbol> EvaluateConvolution(const Node& node);
  Result<Symbol> EvaluateArithmetic(const Node& node);
  Result<Symbol> EvaluateRsqrt(const Node& node);
  Result<Symbol> EvaluateBatchNorm(const Node& node);
  Result<Symbol> EvaluateActivation(const Node& node, nn::Activation activation);
  Result<Symbol> EvaluatePad(const Node& node);
  Result<Symbol> EvaluatePool(const Node& node, nn::PoolKind kind);
  Result<Symbol> EvaluateMean(const Node& node);
  Result<Symbol> EvaluateConcat(const Node& node);
  Result<Symbol> EvaluateResize(const Node& node);
  Result<Symbol> EvaluateExpandDims(const Node& node);
  Result<Symbol> EvaluateMatMul(const Node& node);
  Result<Symbol> EvaluateReshape(const Node& node);

  // The factor by which kResizeBilinear with a size enlarges `value`.
  Result<int> FactorOf(const Node& node, int value) const;
  Result<Symbol> ApplyAffine(const Node& node, const Symbol& x, const ChannelAffine& affine);

  // The symbol of input `index` of `node`.
  const Symbol& Input(const Node& node, std::size_t index) const {
    return symbols_[static_cast<std::size_t>(node.inputs[index])];
  }
  // The same; an error unless it is a value of the network.
  Result<Symbol> ValueOf(const Node& node, std::size_t index) const;
  // The same; an error unless it is a constant of floats with `rank` dimensions (0 for any).
  Result<std::shared_ptr<const Constant>> ConstantOf(const Node& node, std::size_t index, std::size_t rank) const;
  // The network's value for `x`, with what was not applied to it yet.
  Result<int> Take(const Node& node, Symbol x);
  // Sets the network's preprocessing or, if it is set, checks that `preprocessing` is the same.
  Result<void> UsePreprocessing(const Node& node, const std::optional<ChannelAffine>& preprocessing);
  // Moves the border of `x` into the padding of `window`, if that is possible; returns the new window.
  Result<nn::Window> MergeBorder(const Node& node, Symbol& x, nn::Window window);

  const Graph& graph_;
  FoldingBuilder builder_;
  std::vector<Symbol> symbols_;
  std::vector<int> uses_;
  const Node* input_ = nullptr;
  bool input_is_used_ = false;
  std::optional<ChannelAffine> preprocessing_;  // Set by the first layer that reads the input.
};

/// A node that is a constant.
Symbol ConstantSymbol(std::shared_ptr<const Constant> constant);
/// A node that is a new value of the network.
Symbol ValueSymbol(int value);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_LOWERING_H_

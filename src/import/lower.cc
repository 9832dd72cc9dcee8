// SPDX-License-Identifier: Apache-2.0
#include "import/lower.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "import/lowering.h"

namespace posenet::importer {
namespace {

constexpr int kMaxLoneBorder = 16;  // Pixels; AddBorder makes a window of twice that.

Result<void> CheckFinite(const std::map<std::string, FloatTensor>& tensors) {
  for (const auto& [name, tensor] : tensors) {
    const bool finite =
        std::all_of(tensor.values.begin(), tensor.values.end(), [](float x) { return std::isfinite(x); });
    if (!finite) return base::Fail(ErrorCode::kCorruptData, "weights ", name, " are not all finite numbers");
  }
  return {};
}

Result<std::optional<Preprocessing>> ToPreprocessing(const std::optional<ChannelAffine>& affine) {
  if (!affine) return std::optional<Preprocessing>();
  const auto& [scale, bias] = *affine;
  if (scale[1] != scale[0] || scale[2] != scale[0]) {
    return base::Fail(ErrorCode::kUnsupported, "preprocessing that scales color channels differently");
  }
  constexpr double kLimit = 1e6;  // Far beyond any range that 8-bit values are mapped to.
  for (const double number : {scale[0], bias[0], bias[1], bias[2]}) {
    if (!(std::abs(number) < kLimit))
      return base::Fail(ErrorCode::kCorruptData, "preprocessing with numbers out of range");
  }
  if (scale[0] == 0.0) return base::Fail(ErrorCode::kCorruptData, "preprocessing that multiplies the image by 0");
  return std::optional(Preprocessing{scale[0], {bias[0], bias[1], bias[2]}});
}

}  // namespace

Symbol ConstantSymbol(std::shared_ptr<const Constant> constant) {
  Symbol symbol;
  symbol.constant = std::move(constant);
  return symbol;
}

Symbol ValueSymbol(int value) {
  Symbol symbol;
  symbol.value = value;
  symbol.sharing = Sharing::kExclusive;
  return symbol;
}

Result<LoweredGraph> Lowering::Run(const std::vector<RoleOutput>& outputs) {
  std::vector<int> roots;
  roots.reserve(outputs.size());
  for (const RoleOutput& output : outputs) roots.push_back(output.node);
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> order, TopologicalOrder(graph_, roots));
  for (const int index : order) {
    for (const int input : graph_.nodes[static_cast<std::size_t>(index)].inputs) {
      ++uses_[static_cast<std::size_t>(input)];
    }
  }
  for (const int root : roots) ++uses_[static_cast<std::size_t>(root)];
  for (const int index : order) {
    const auto i = static_cast<std::size_t>(index);
    POSENET_ASSIGN_OR_RETURN(symbols_[i], Evaluate(graph_.nodes[i]));
    if (uses_[i] > 1) symbols_[i].sharing = Sharing::kShared;
  }
  for (const RoleOutput& output : outputs) {
    const Node& node = graph_.nodes[static_cast<std::size_t>(output.node)];
    const Symbol& symbol = symbols_[static_cast<std::size_t>(output.node)];
    if (symbol.constant != nullptr)
      return base::Fail(ErrorCode::kUnsupported, "output ", Describe(node), " is a constant");
    POSENET_ASSIGN_OR_RETURN(const int value, Take(node, symbol));
    builder_.AddOutput(output.role, value);
  }
  LoweredGraph lowered;
  POSENET_ASSIGN_OR_RETURN(lowered.preprocessing, ToPreprocessing(preprocessing_));
  lowered.network = builder_.TakeNetwork();
  lowered.tensors = builder_.TakeTensors();
  POSENET_RETURN_IF_ERROR(CheckFinite(lowered.tensors));
  return lowered;
}

Result<Symbol> Lowering::Evaluate(const Node& node) {
  if (node.problem) return tl::unexpected<Error>(*node.problem);
  switch (node.op) {
    case Op::kInput:
      return EvaluateInput(node);
    case Op::kConstant:
      return EvaluateConstant(node);
    case Op::kIdentity:
      return Input(node, 0);
    case Op::kConv2d:
    case Op::kDepthwiseConv2d:
      return EvaluateConvolution(node);
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
      return EvaluateArithmetic(node);
    case Op::kRsqrt:
      return EvaluateRsqrt(node);
    case Op::kBatchNorm:
      return EvaluateBatchNorm(node);
    case Op::kRelu:
      return EvaluateActivation(node, nn::Activation::kRelu);
    case Op::kRelu6:
      return EvaluateActivation(node, nn::Activation::kRelu6);
    case Op::kSigmoid:
      return EvaluateActivation(node, nn::Activation::kSigmoid);
    case Op::kPad:
      return EvaluatePad(node);
    case Op::kMaxPool:
      return EvaluatePool(node, nn::PoolKind::kMax);
    case Op::kAveragePool:
      return EvaluatePool(node, nn::PoolKind::kAverage);
    case Op::kMean:
      return EvaluateMean(node);
    case Op::kConcat:
      return EvaluateConcat(node);
    case Op::kMatMul:
      return EvaluateMatMul(node);
    case Op::kReshape:
      return EvaluateReshape(node);
    case Op::kResizeBilinear:
      return EvaluateResize(node);
    case Op::kExpandDims:
      return EvaluateExpandDims(node);
    case Op::kSpaceToBatch:
    case Op::kBatchToSpace:
      return base::Fail(ErrorCode::kUnsupported, Describe(node), " is not part of a dilated convolution");
    case Op::kQuantize:
    case Op::kShape:
    case Op::kStridedSlice:
    case Op::kUnsupported:
      break;
  }
  return base::Fail(ErrorCode::kUnsupported, Describe(node), " is an unsupported operation");
}

Result<Symbol> Lowering::ValueOf(const Node& node, std::size_t index) const {
  const Symbol& symbol = Input(node, index);
  if (symbol.constant != nullptr) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " uses a constant as its value");
  }
  return symbol;
}

Result<std::shared_ptr<const Constant>> Lowering::ConstantOf(const Node& node, std::size_t index,
                                                             std::size_t rank) const {
  const Symbol& symbol = Input(node, index);
  const Node& source = graph_.nodes[static_cast<std::size_t>(node.inputs[index])];
  if (symbol.constant != nullptr && !symbol.constant->bytes.empty()) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " has 8-bit weights (", Describe(source),
                      ") but float values; expected both to be uint8 or float32");
  }
  if (symbol.constant == nullptr || symbol.constant->floats.empty()) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " expects a float constant as input ", index, ", not ",
                      Describe(source));
  }
  if (rank != 0 && symbol.constant->shape.size() != rank) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), " expects a constant of ", rank, " dimensions, but ",
                      Describe(source), " has ", symbol.constant->shape.size());
  }
  return symbol.constant;
}

Result<void> Lowering::UsePreprocessing(const Node& node, const std::optional<ChannelAffine>& preprocessing) {
  if (!std::exchange(input_is_used_, true)) preprocessing_ = preprocessing;
  const bool same = preprocessing_.has_value() == preprocessing.has_value() &&
                    (!preprocessing ||
                     (preprocessing_->scale == preprocessing->scale && preprocessing_->bias == preprocessing->bias));
  if (!same) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " preprocesses the image differently from other nodes");
  }
  return {};
}

Result<int> Lowering::Take(const Node& node, Symbol x) {
  if (x.is_flat && !builder_.is_vector(x.value)) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " reads a flattened map, which only MatMul supports");
  }
  if (x.value == 0) POSENET_RETURN_IF_ERROR(UsePreprocessing(node, x.preprocessing));
  if (!x.has_border()) return x.value;
  if (std::max({x.border.top, x.border.bottom, x.border.left, x.border.right}) > kMaxLoneBorder) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " reads a value that is padded by more than ",
                      kMaxLoneBorder, " pixels");
  }
  return builder_.AddBorder(base::StrCat(node.name, "/border"), x.value, x.border);
}

Result<nn::Window> Lowering::MergeBorder(const Node& node, Symbol& x, nn::Window window) {
  if (const auto merged = WithBorder(window, x.border)) {
    window = *merged;
    x.border = kNoBorder;
  }
  POSENET_ASSIGN_OR_RETURN(x.value, Take(node, x));
  return Normalized(window);
}

Result<Symbol> Lowering::EvaluateInput(const Node& node) {
  if (std::exchange(input_, &node) != nullptr) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " is a second input; expected one");
  }
  return ValueSymbol(0);
}

Result<Symbol> Lowering::EvaluateConstant(const Node& node) {
  if (node.constant == nullptr) return base::Fail(ErrorCode::kCorruptData, Describe(node), " has no data");
  return ConstantSymbol(node.constant);
}

Result<LoweredGraph> Lower(const Graph& graph, const std::vector<RoleOutput>& outputs) {
  return Lowering(graph).Run(outputs);
}

}  // namespace posenet::importer

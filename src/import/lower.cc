// SPDX-License-Identifier: Apache-2.0
#include "import/lower.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>

#include "base/error.h"
#include "import/constants.h"
#include "import/padding.h"

namespace posenet::importer {
namespace {

constexpr int kMaxChannels = 1 << 16;
constexpr std::int64_t kMaxKernel = 1 << 10;
constexpr std::int32_t kMaxBorder = 1 << 15;
constexpr int kMaxLoneBorder = 16;  // Pixels; becomes a window of twice that.

// What a node of the graph stands for: a constant, or a value of the network with what is still to be done to it.
struct Symbol {
  std::shared_ptr<const Constant> constant;
  int value = 0;
  nn::Padding border = kNoBorder;              // Zeros still to be put around the value.
  std::optional<ChannelAffine> preprocessing;  // Of the network's input only.
  Sharing sharing = Sharing::kShared;
  bool is_flat = false;  // Rows, columns and channels are one axis.

  [[nodiscard]] bool has_border() const { return border != kNoBorder; }
};

class Lowering {
 public:
  explicit Lowering(const Graph& graph) : graph_(graph), symbols_(graph.nodes.size()), uses_(graph.nodes.size(), 0) {}

  Result<LoweredGraph> Run(const std::vector<RoleOutput>& outputs);

 private:
  using Answer = Result<Symbol>;

  Answer Evaluate(const Node& node);
  Answer EvaluateInput(const Node& node);
  Answer EvaluateConstant(const Node& node);
  Answer EvaluateConvolution(const Node& node);
  Answer EvaluateArithmetic(const Node& node);
  Answer EvaluateRsqrt(const Node& node);
  Answer EvaluateBatchNorm(const Node& node);
  Answer EvaluateActivation(const Node& node, nn::Activation activation);
  Answer EvaluatePad(const Node& node);
  Answer EvaluatePool(const Node& node, nn::PoolKind kind);
  Answer EvaluateMean(const Node& node);
  Answer EvaluateConcat(const Node& node);
  Answer EvaluateMatMul(const Node& node);
  Answer EvaluateReshape(const Node& node);

  Answer ApplyAffine(const Node& node, const Symbol& x, const ChannelAffine& affine);

  // Input `index` of `node`.
  const Symbol& Input(const Node& node, std::size_t index) const {
    return symbols_[static_cast<std::size_t>(node.inputs[index])];
  }
  // The same, when it has to be a value of the network.
  Answer ValueOf(const Node& node, std::size_t index) const;
  // The same, when it has to be a constant of real numbers; of `rank` dimensions, if that is not 0.
  Result<std::shared_ptr<const Constant>> ConstantOf(const Node& node, std::size_t index, std::size_t rank) const;
  // The network's value for `x` with everything that was still to be done to it.
  Result<int> Take(const Node& node, Symbol x);
  // Makes `preprocessing` the network's, or checks that it is.
  Result<void> UsePreprocessing(const Node& node, const std::optional<ChannelAffine>& preprocessing);
  // `x` and `window` such that the border of `x` is part of the window.
  Result<nn::Window> MergeBorder(const Node& node, Symbol& x, nn::Window window);

  const Graph& graph_;
  FoldingBuilder builder_;
  std::vector<Symbol> symbols_;
  std::vector<int> uses_;
  const Node* input_ = nullptr;
  bool input_is_used_ = false;
  std::optional<ChannelAffine> preprocessing_;  // Set by the first layer that reads the input.
};

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
    return base::Fail(ErrorCode::kUnsupported, "preprocessing that scales colour channels differently");
  }
  constexpr double kLimit = 1e6;  // Far beyond anything that 8-bit colours are mapped to.
  for (const double number : {scale[0], bias[0], bias[1], bias[2]}) {
    if (!(std::abs(number) < kLimit))
      return base::Fail(ErrorCode::kCorruptData, "preprocessing by numbers out of range");
  }
  if (scale[0] == 0.0) return base::Fail(ErrorCode::kCorruptData, "preprocessing that multiplies the image by 0");
  return std::optional(Preprocessing{scale[0], {bias[0], bias[1], bias[2]}});
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

Lowering::Answer Lowering::Evaluate(const Node& node) {
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
    case Op::kSpaceToBatch:
    case Op::kBatchToSpace:
      return base::Fail(ErrorCode::kUnsupported, Describe(node), " is not part of a dilated convolution");
    case Op::kQuantize:
    case Op::kUnsupported:
      break;
  }
  return base::Fail(ErrorCode::kUnsupported, Describe(node), " is an operation that PoseNets do not have");
}

Lowering::Answer Lowering::ValueOf(const Node& node, std::size_t index) const {
  const Symbol& symbol = Input(node, index);
  if (symbol.constant != nullptr) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " computes with a constant where a value was expected");
  }
  return symbol;
}

Result<std::shared_ptr<const Constant>> Lowering::ConstantOf(const Node& node, std::size_t index,
                                                             std::size_t rank) const {
  const Symbol& symbol = Input(node, index);
  const Node& source = graph_.nodes[static_cast<std::size_t>(node.inputs[index])];
  if (symbol.constant != nullptr && !symbol.constant->bytes.empty()) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " has weights of 8 bits (", Describe(source),
                      ") but computes with floats; expected uint8 or float32 in both");
  }
  if (symbol.constant == nullptr || symbol.constant->floats.empty()) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " expects a constant of real numbers as input ", index,
                      ", not ", Describe(source));
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
    return base::Fail(ErrorCode::kUnsupported, Describe(node),
                      " preprocesses the image in another way than other nodes");
  }
  return {};
}

Result<int> Lowering::Take(const Node& node, Symbol x) {
  if (x.is_flat && !builder_.is_vector(x.value)) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " reads a flattened map; only MatMul can");
  }
  if (x.value == 0) POSENET_RETURN_IF_ERROR(UsePreprocessing(node, x.preprocessing));
  if (!x.has_border()) return x.value;
  if (std::max({x.border.top, x.border.bottom, x.border.left, x.border.right}) > kMaxLoneBorder) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " reads a value in a border of more than ",
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

Lowering::Answer Lowering::EvaluateInput(const Node& node) {
  if (std::exchange(input_, &node) != nullptr) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " is a second input; a PoseNet has one");
  }
  return ValueSymbol(0);
}

Lowering::Answer Lowering::EvaluateConstant(const Node& node) {
  if (node.constant == nullptr) return base::Fail(ErrorCode::kCorruptData, Describe(node), " has no data");
  return ConstantSymbol(node.constant);
}

Lowering::Answer Lowering::EvaluateConvolution(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const auto weights, ConstantOf(node, 1, 4));
  const auto& shape = weights->shape;
  const auto kernel = KernelShapeOf(node, *weights).value_or(KernelShape{});
  const std::int64_t in_channels = builder_.channels(x.value);
  const bool depthwise = node.op == Op::kDepthwiseConv2d;
  const bool output_last = node.weight_layout == WeightLayout::kOutputLast;
  const bool one_kernel_a_channel = !depthwise || (output_last ? shape[2] == in_channels : shape[0] == 1);
  const bool fits = kernel.group_channels > 0 && in_channels % kernel.group_channels == 0 && one_kernel_a_channel;
  const std::int64_t groups = fits ? in_channels / kernel.group_channels : 0;
  if (!fits || kernel.out_channels % groups != 0) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), ": weights [", shape[0], ", ", shape[1], ", ", shape[2],
                      ", ", shape[3], "] do not fit ", in_channels, " input channels");
  }
  if (std::max(kernel.height, kernel.width) > kMaxKernel || kernel.out_channels > kMaxChannels) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), ": a kernel of ", kernel.height, "x", kernel.width,
                      " or ", kernel.out_channels, " channels is more than we do");
  }
  nn::Window window = node.window;
  window.kernel_height = static_cast<int>(kernel.height);
  window.kernel_width = static_cast<int>(kernel.width);
  POSENET_ASSIGN_OR_RETURN(window, MergeBorder(node, x, window));
  const bool as_it_is = output_last || depthwise;
  FloatTensor tensor{{kernel.height, kernel.width, kernel.group_channels, kernel.out_channels},
                     as_it_is ? weights->floats : OutputLast(weights->floats, kernel.out_channels)};
  POSENET_ASSIGN_OR_RETURN(const int value,
                           builder_.AddConv(node.name, x.value, window, static_cast<int>(groups), std::move(tensor)));
  return ValueSymbol(value);
}

Lowering::Answer Lowering::EvaluateArithmetic(const Node& node) {
  const bool constant_first = Input(node, 0).constant != nullptr;
  const bool constant_second = Input(node, 1).constant != nullptr;
  if (constant_first && constant_second) {
    POSENET_ASSIGN_OR_RETURN(const auto a, ConstantOf(node, 0, 0));
    POSENET_ASSIGN_OR_RETURN(const auto b, ConstantOf(node, 1, 0));
    POSENET_RETURN_IF_ERROR(builder_.Reserve(std::max(a->floats.size(), b->floats.size())));
    POSENET_ASSIGN_OR_RETURN(Constant combined, Combine(node, *a, *b));
    return ConstantSymbol(std::make_shared<const Constant>(std::move(combined)));
  }
  if (constant_first || constant_second) {
    const ConstantSide side = constant_first ? ConstantSide::kLeft : ConstantSide::kRight;
    POSENET_ASSIGN_OR_RETURN(const auto constant, ConstantOf(node, constant_first ? 0 : 1, 0));
    const Symbol& x = Input(node, constant_first ? 1 : 0);
    POSENET_ASSIGN_OR_RETURN(auto values, ChannelValues(node, *constant, builder_.channels(x.value)));
    POSENET_ASSIGN_OR_RETURN(const ChannelAffine affine, ToAffine(node, std::move(values), side));
    return ApplyAffine(node, x, affine);
  }
  if (node.op != Op::kAdd) return base::Fail(ErrorCode::kUnsupported, Describe(node), " combines two values");
  POSENET_ASSIGN_OR_RETURN(const int a, Take(node, Input(node, 0)));
  POSENET_ASSIGN_OR_RETURN(const int b, Take(node, Input(node, 1)));
  if (builder_.channels(a) != builder_.channels(b)) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " adds values of ", builder_.channels(a), " and ",
                      builder_.channels(b), " channels");
  }
  return ValueSymbol(builder_.AddSum(node.name, {a, b}));
}

Lowering::Answer Lowering::ApplyAffine(const Node& node, const Symbol& x, const ChannelAffine& affine) {
  if (x.value != 0) {
    POSENET_ASSIGN_OR_RETURN(const int value, Take(node, x));
    const Sharing sharing = x.has_border() ? Sharing::kExclusive : x.sharing;
    POSENET_ASSIGN_OR_RETURN(const int result, builder_.Apply(node.name, value, sharing, affine));
    return ValueSymbol(result);
  }
  if (x.has_border()) return base::Fail(ErrorCode::kUnsupported, Describe(node), " preprocesses a padded image");
  Symbol symbol = x;
  if (!symbol.preprocessing) symbol.preprocessing = ChannelAffine{{1.0, 1.0, 1.0}, {0.0, 0.0, 0.0}};
  for (std::size_t c = 0; c < affine.scale.size(); ++c) {
    symbol.preprocessing->scale[c] *= affine.scale[c];
    symbol.preprocessing->bias[c] = symbol.preprocessing->bias[c] * affine.scale[c] + affine.bias[c];
  }
  return symbol;
}

Lowering::Answer Lowering::EvaluateRsqrt(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(const auto constant, ConstantOf(node, 0, 0));
  POSENET_RETURN_IF_ERROR(builder_.Reserve(constant->floats.size()));
  auto result = std::make_shared<Constant>(*constant);
  for (float& x : result->floats) x = static_cast<float>(1.0 / std::sqrt(static_cast<double>(x)));
  return ConstantSymbol(std::move(result));
}

Lowering::Answer Lowering::EvaluateBatchNorm(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(const Symbol x, ValueOf(node, 0));
  std::array<std::vector<double>, 4> parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    POSENET_ASSIGN_OR_RETURN(const auto constant, ConstantOf(node, i + 1, 0));
    POSENET_ASSIGN_OR_RETURN(parameters[i], ChannelValues(node, *constant, builder_.channels(x.value)));
  }
  const auto& [scale, offset, mean, variance] = parameters;
  ChannelAffine affine;
  for (std::size_t c = 0; c < scale.size(); ++c) {
    affine.scale.push_back(scale[c] / std::sqrt(variance[c] + static_cast<double>(node.epsilon)));
    affine.bias.push_back(offset[c] - mean[c] * affine.scale[c]);
  }
  return ApplyAffine(node, x, affine);
}

Lowering::Answer Lowering::EvaluateActivation(const Node& node, nn::Activation activation) {
  POSENET_ASSIGN_OR_RETURN(const Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const int value, Take(node, x));
  POSENET_ASSIGN_OR_RETURN(const int result, builder_.Apply(node.name, value, x.sharing, activation));
  return ValueSymbol(result);
}

Lowering::Answer Lowering::EvaluatePad(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const auto pads, IntegersOf(graph_, node.inputs[1], 8));
  if (node.inputs.size() > 2) {
    POSENET_ASSIGN_OR_RETURN(const auto fill, ConstantOf(node, 2, 0));
    if (fill->floats.size() != 1 || fill->floats[0] != 0.0F) {
      return base::Fail(ErrorCode::kUnsupported, Describe(node), " pads with something else than 0");
    }
  }
  const bool rows_and_columns_only = pads[0] == 0 && pads[1] == 0 && pads[6] == 0 && pads[7] == 0;
  const bool in_range = std::all_of(pads.begin(), pads.end(), [](int pad) { return pad >= 0 && pad <= kMaxBorder; });
  const nn::Padding border{nn::PaddingMode::kExplicit, pads[2], pads[3], pads[4], pads[5]};
  const nn::Padding sum = Sum(x.border, border);
  const bool sum_in_range = std::max({sum.top, sum.bottom, sum.left, sum.right}) <= kMaxBorder;
  if (!rows_and_columns_only || !in_range || !sum_in_range || x.is_flat) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " does not pad rows and columns alone, or by too much");
  }
  x.border = sum;
  return x;
}

Lowering::Answer Lowering::EvaluatePool(const Node& node, nn::PoolKind kind) {
  POSENET_ASSIGN_OR_RETURN(Symbol x, ValueOf(node, 0));
  nn::Window window = node.window;
  // Cells of a window's padding do not count, those of an explicit border are zeros. That is the same for a maximum of
  // numbers that are not negative; else the border becomes a layer of its own.
  if (kind == nn::PoolKind::kMax && builder_.is_nonnegative(x.value)) {
    POSENET_ASSIGN_OR_RETURN(window, MergeBorder(node, x, window));
  } else {
    POSENET_ASSIGN_OR_RETURN(x.value, Take(node, x));
    window = Normalized(window);
  }
  return ValueSymbol(builder_.AddPool(node.name, x.value, kind, window));
}

Lowering::Answer Lowering::EvaluateMean(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(const Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const auto axes, IntegersOf(graph_, node.inputs[1], 2));
  std::set<int> wanted;
  for (const int axis : axes) wanted.insert(axis < 0 ? axis + 4 : axis);
  if (wanted != std::set<int>{1, 2}) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " is not the mean over rows and columns");
  }
  POSENET_ASSIGN_OR_RETURN(const int value, Take(node, x));
  return ValueSymbol(builder_.AddGlobalAveragePool(node.name, value));
}

Lowering::Answer Lowering::EvaluateConcat(const Node& node) {
  if (node.inputs.size() < 2) return base::Fail(ErrorCode::kCorruptData, Describe(node), " has too few inputs");
  const std::size_t count = node.inputs.size() - 1;
  POSENET_ASSIGN_OR_RETURN(const auto axis, IntegersOf(graph_, node.inputs[count], 1));
  std::vector<int> values;
  std::int64_t channels = 0;
  bool vectors = true;
  for (std::size_t i = 0; i < count; ++i) {
    POSENET_ASSIGN_OR_RETURN(const Symbol x, ValueOf(node, i));
    POSENET_ASSIGN_OR_RETURN(const int value, Take(node, x));
    values.push_back(value);
    channels += builder_.channels(value);
    vectors = vectors && builder_.is_vector(value);
  }
  const bool along_channels = axis[0] == 3 || axis[0] == -1 || (axis[0] == 1 && vectors);
  if (!along_channels || channels > kMaxChannels) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " does not join channels, or too many");
  }
  if (count == 1) return Input(node, 0);
  return ValueSymbol(builder_.AddConcat(node.name, std::move(values)));
}

Lowering::Answer Lowering::EvaluateMatMul(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const auto weights, ConstantOf(node, 1, 2));
  const bool output_last = node.weight_layout == WeightLayout::kOutputLast;
  const std::int64_t in = weights->shape[output_last ? 0 : 1];
  const std::int64_t out = weights->shape[output_last ? 1 : 0];
  const bool is_vector = builder_.is_vector(x.value);
  const std::int64_t channels = builder_.channels(x.value);
  if ((is_vector ? in != channels : in % channels != 0) || out > kMaxChannels) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), ": weights for ", in, " inputs and ", out,
                      " outputs do not fit ", channels, " input channels");
  }
  if (!is_vector && !x.is_flat) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " reads a map that is not flattened");
  }
  x.is_flat = false;
  POSENET_ASSIGN_OR_RETURN(const int input, Take(node, x));
  FloatTensor tensor{{in, out}, output_last ? weights->floats : OutputLast(weights->floats, out)};
  POSENET_ASSIGN_OR_RETURN(const int value, builder_.AddFullyConnected(node.name, input, std::move(tensor)));
  return ValueSymbol(value);
}

Lowering::Answer Lowering::EvaluateReshape(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(Symbol x, ValueOf(node, 0));
  const int channels = builder_.channels(x.value);
  if (node.inputs.size() == 1) {
    if (!builder_.is_vector(x.value)) {
      return base::Fail(ErrorCode::kUnsupported, Describe(node), " squeezes a value that is not known to be one pixel");
    }
    return x;
  }
  POSENET_ASSIGN_OR_RETURN(const auto shape, IntegersOf(graph_, node.inputs[1], -1));
  const bool keeps_channels = !shape.empty() && (shape.back() == channels || shape.back() == -1);
  if (builder_.is_vector(x.value) && keeps_channels) return x;
  if (shape.size() != 2 || (shape[0] != 1 && shape[0] != -1)) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " does more than flatten a map");
  }
  x.is_flat = true;
  return x;
}

}  // namespace

Result<LoweredGraph> Lower(const Graph& graph, const std::vector<RoleOutput>& outputs) {
  return Lowering(graph).Run(outputs);
}

}  // namespace posenet::importer

// SPDX-License-Identifier: Apache-2.0
// Operations that become layers: convolutions, pools, concatenation and fully connected layers, with their padding and
// reshaping.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "import/constants.h"
#include "import/lowering.h"

namespace posenet::importer {
namespace {

constexpr std::int64_t kMaxKernel = 1 << 10;

}  // namespace

Result<Symbol> Lowering::EvaluateConvolution(const Node& node) {
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
  if (std::max(kernel.height, kernel.width) > kMaxKernel || kernel.out_channels > kMaxLayerChannels) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), ": a kernel of ", kernel.height, "x", kernel.width,
                      " or ", kernel.out_channels, " channels is larger than supported");
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

Result<Symbol> Lowering::EvaluatePad(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const auto pads, IntegersOf(graph_, node.inputs[1], 8));
  if (node.inputs.size() > 2) {
    POSENET_ASSIGN_OR_RETURN(const auto fill, ConstantOf(node, 2, 0));
    if (fill->floats.size() != 1 || fill->floats[0] != 0.0F) {
      return base::Fail(ErrorCode::kUnsupported, Describe(node), " pads with a value other than 0");
    }
  }
  const bool rows_and_columns_only = pads[0] == 0 && pads[1] == 0 && pads[6] == 0 && pads[7] == 0;
  const bool in_range = std::all_of(pads.begin(), pads.end(), [](int pad) { return pad >= 0 && pad <= kMaxBorder; });
  const nn::Padding border{nn::PaddingMode::kExplicit, pads[2], pads[3], pads[4], pads[5]};
  const nn::Padding sum = Sum(x.border, border);
  const bool sum_in_range = std::max({sum.top, sum.bottom, sum.left, sum.right}) <= kMaxBorder;
  if (!rows_and_columns_only || !in_range || !sum_in_range || x.is_flat) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node),
                      " pads other axes than rows and columns, or by too much");
  }
  x.border = sum;
  return x;
}

Result<Symbol> Lowering::EvaluatePool(const Node& node, nn::PoolKind kind) {
  POSENET_ASSIGN_OR_RETURN(Symbol x, ValueOf(node, 0));
  nn::Window window = node.window;
  // Padding of a pool's window is ignored, whereas an explicit border consists of zeros. Both are the same only for a
  // maximum of non-negative numbers; otherwise the border becomes a layer of its own.
  if (kind == nn::PoolKind::kMax && builder_.is_nonnegative(x.value)) {
    POSENET_ASSIGN_OR_RETURN(window, MergeBorder(node, x, window));
  } else {
    POSENET_ASSIGN_OR_RETURN(x.value, Take(node, x));
    window = Normalized(window);
  }
  return ValueSymbol(builder_.AddPool(node.name, x.value, kind, window));
}

Result<Symbol> Lowering::EvaluateMean(const Node& node) {
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

Result<Symbol> Lowering::EvaluateConcat(const Node& node) {
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
  if (!along_channels || channels > kMaxLayerChannels) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " does not concatenate channels, or too many");
  }
  if (count == 1) return Input(node, 0);
  return ValueSymbol(builder_.AddConcat(node.name, std::move(values)));
}

Result<int> Lowering::FactorOf(const Node& node, int value) const {
  POSENET_ASSIGN_OR_RETURN(const auto size, IntegersOf(graph_, node.inputs[1], 2));
  if (graph_.input_height == 0) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " resizes to ", size[0], "x", size[1],
                      " for images of any size");
  }
  auto shape = builder_.ShapeOf(value, graph_.input_height, graph_.input_width);
  if (!shape) return base::FailIn(shape.error(), Describe(node));
  if (size[0] % shape->height == 0 && size[1] % shape->width == 0 &&
      size[0] / shape->height == size[1] / shape->width) {
    return size[0] / shape->height;
  }
  return base::Fail(ErrorCode::kUnsupported, Describe(node), " resizes ", shape->height, "x", shape->width, " to ",
                    size[0], "x", size[1], "; expected a multiple");
}

Result<Symbol> Lowering::EvaluateResize(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(const Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const int value, Take(node, x));
  int factor = node.factor;
  if (node.inputs.size() > 1) {
    POSENET_ASSIGN_OR_RETURN(factor, FactorOf(node, value));
  }
  if (factor == 1) return ValueSymbol(value);
  if (factor < 1 || factor > nn::kMaxUpsampling) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " resizes to ", factor,
                      " times the size; expected 1 to ", nn::kMaxUpsampling);
  }
  return ValueSymbol(builder_.AddUpsample(node.name, value, factor));
}

Result<Symbol> Lowering::EvaluateExpandDims(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(const Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const auto axis, IntegersOf(graph_, node.inputs[1], 1));
  if (axis[0] == 0) return x;
  return base::Fail(ErrorCode::kUnsupported, Describe(node), " adds axis ", axis[0], "; expected that of the batch");
}

Result<Symbol> Lowering::EvaluateMatMul(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const auto weights, ConstantOf(node, 1, 2));
  const bool output_last = node.weight_layout == WeightLayout::kOutputLast;
  const std::int64_t in = weights->shape[output_last ? 0 : 1];
  const std::int64_t out = weights->shape[output_last ? 1 : 0];
  const bool is_vector = builder_.is_vector(x.value);
  const std::int64_t channels = builder_.channels(x.value);
  if ((is_vector ? in != channels : in % channels != 0) || out > kMaxLayerChannels) {
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

Result<Symbol> Lowering::EvaluateReshape(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(Symbol x, ValueOf(node, 0));
  const int channels = builder_.channels(x.value);
  if (node.inputs.size() == 1) {
    if (!builder_.is_vector(x.value)) {
      return base::Fail(ErrorCode::kUnsupported, Describe(node), " squeezes a value that may be larger than 1x1");
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

}  // namespace posenet::importer

// SPDX-License-Identifier: Apache-2.0
// Arithmetic, batch normalization and activations, which are folded into the layer before them if possible.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "import/constants.h"
#include "import/lowering.h"

namespace posenet::importer {

Result<Symbol> Lowering::EvaluateArithmetic(const Node& node) {
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
  if (node.op != Op::kAdd)
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " combines two values, which only Add supports");
  POSENET_ASSIGN_OR_RETURN(const int a, Take(node, Input(node, 0)));
  POSENET_ASSIGN_OR_RETURN(const int b, Take(node, Input(node, 1)));
  if (builder_.channels(a) != builder_.channels(b)) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " adds values of ", builder_.channels(a), " and ",
                      builder_.channels(b), " channels");
  }
  return ValueSymbol(builder_.AddSum(node.name, {a, b}));
}

Result<Symbol> Lowering::ApplyAffine(const Node& node, const Symbol& x, const ChannelAffine& affine) {
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

Result<Symbol> Lowering::EvaluateRsqrt(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(const auto constant, ConstantOf(node, 0, 0));
  POSENET_RETURN_IF_ERROR(builder_.Reserve(constant->floats.size()));
  auto result = std::make_shared<Constant>(*constant);
  for (float& x : result->floats) x = static_cast<float>(1.0 / std::sqrt(static_cast<double>(x)));
  return ConstantSymbol(std::move(result));
}

Result<Symbol> Lowering::EvaluateBatchNorm(const Node& node) {
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

Result<Symbol> Lowering::EvaluateActivation(const Node& node, nn::Activation activation) {
  POSENET_ASSIGN_OR_RETURN(const Symbol x, ValueOf(node, 0));
  POSENET_ASSIGN_OR_RETURN(const int value, Take(node, x));
  POSENET_ASSIGN_OR_RETURN(const int result, builder_.Apply(node.name, value, x.sharing, activation));
  return ValueSymbol(result);
}

}  // namespace posenet::importer

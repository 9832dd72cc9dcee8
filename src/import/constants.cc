// SPDX-License-Identifier: Apache-2.0
#include "import/constants.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <utility>

#include "base/error.h"

namespace posenet::importer {
namespace {

double Compute(Op op, double a, double b) {
  if (op == Op::kAdd) return a + b;
  if (op == Op::kSub) return a - b;
  if (op == Op::kMul) return a * b;
  return a / b;
}

// Whether `small` can be broadcast along the first axes of `large`: its shape, without leading ones, is a suffix of the
// other.
bool Repeats(const std::vector<std::int64_t>& small, const std::vector<std::int64_t>& large) {
  const auto begin = std::find_if(small.begin(), small.end(), [](std::int64_t extent) { return extent != 1; });
  const auto length = small.end() - begin;
  return length <= std::ssize(large) && std::equal(begin, small.end(), large.end() - length);
}

}  // namespace

Result<Constant> Combine(const Node& node, const Constant& a, const Constant& b) {
  const Constant& large = a.floats.size() >= b.floats.size() ? a : b;
  const Constant& small = &large == &a ? b : a;
  if (!Repeats(small.shape, large.shape))
    return base::Fail(ErrorCode::kUnsupported, Describe(node), ": constants of incompatible shapes");
  Constant result;
  result.shape = large.shape;
  result.floats.reserve(large.floats.size());
  for (std::size_t i = 0; i < large.floats.size(); ++i) {
    const double x = a.floats[i % a.floats.size()];
    const double y = b.floats[i % b.floats.size()];
    result.floats.push_back(static_cast<float>(Compute(node.op, x, y)));
  }
  return result;
}

Result<std::vector<double>> ChannelValues(const Node& node, const Constant& constant, int channels) {
  const auto count = static_cast<std::size_t>(channels);
  if (constant.floats.size() == 1) return std::vector<double>(count, constant.floats[0]);
  if (constant.floats.size() != count || constant.shape.back() != channels) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), ": a constant of ", constant.floats.size(),
                      " elements for a value of ", channels, " channels");
  }
  return std::vector<double>(constant.floats.begin(), constant.floats.end());
}

Result<ChannelAffine> ToAffine(const Node& node, std::vector<double> constant, ConstantSide side) {
  const std::vector<double> ones(constant.size(), 1.0);
  const std::vector<double> zeros(constant.size(), 0.0);
  if (node.op == Op::kAdd) return ChannelAffine{ones, std::move(constant)};
  if (node.op == Op::kMul) return ChannelAffine{std::move(constant), zeros};
  if (node.op == Op::kSub && side == ConstantSide::kLeft) {
    return ChannelAffine{std::vector<double>(constant.size(), -1.0), std::move(constant)};
  }
  if (node.op == Op::kSub) {
    std::transform(constant.begin(), constant.end(), constant.begin(), std::negate<>());
    return ChannelAffine{ones, std::move(constant)};
  }
  if (side == ConstantSide::kLeft) return base::Fail(ErrorCode::kUnsupported, Describe(node), " divides by a value");
  std::transform(constant.begin(), constant.end(), constant.begin(), [](double divisor) { return 1.0 / divisor; });
  return ChannelAffine{std::move(constant), zeros};
}

std::vector<float> OutputLast(const std::vector<float>& weights, std::int64_t out_channels) {
  const auto columns = static_cast<std::size_t>(out_channels);
  const std::size_t rows = weights.size() / columns;
  std::vector<float> transposed(weights.size());
  for (std::size_t column = 0; column < columns; ++column) {
    for (std::size_t row = 0; row < rows; ++row) transposed[row * columns + column] = weights[column * rows + row];
  }
  return transposed;
}

}  // namespace posenet::importer

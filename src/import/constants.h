// SPDX-License-Identifier: Apache-2.0
// Constant folding: arithmetic on constants.
#ifndef POSENET_IMPORT_CONSTANTS_H_
#define POSENET_IMPORT_CONSTANTS_H_

#include <cstdint>
#include <vector>

#include "import/folding_builder.h"
#include "import/graph.h"
#include "posenet/result.h"

namespace posenet::importer {

/// a (op) b for constants of floats, `node.op` being kAdd, kSub, kMul or kDiv: element by element, the smaller one
/// broadcast along the first axes of the other. Errors: kUnsupported for other shapes.
Result<Constant> Combine(const Node& node, const Constant& a, const Constant& b);

/// The elements of `constant`, one for each channel of a value; a single element is repeated.
/// Errors: kCorruptData for other numbers of elements.
Result<std::vector<double>> ChannelValues(const Node& node, const Constant& constant, int channels);

enum class ConstantSide { kLeft, kRight };

/// Arithmetic of a value and a constant (one number for each channel), as a factor and a bias for each channel.
/// Errors: kUnsupported for a constant divided by a value.
Result<ChannelAffine> ToAffine(const Node& node, std::vector<double> constant, ConstantSide side);

/// Weights [out, ...] as [..., out].
std::vector<float> OutputLast(const std::vector<float>& weights, std::int64_t out_channels);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_CONSTANTS_H_

// SPDX-License-Identifier: Apache-2.0
// Arithmetic on constants, done once instead of at every run.
#ifndef POSENET_IMPORT_CONSTANTS_H_
#define POSENET_IMPORT_CONSTANTS_H_

#include <cstdint>
#include <vector>

#include "import/folding_builder.h"
#include "import/graph.h"
#include "posenet/result.h"

namespace posenet::importer {

/// a (op) b for constants of real numbers, `node.op` being kAdd, kSub, kMul or kDiv: element by element, one of them
/// repeated along the first axes of the other where it has fewer. Errors: kUnsupported for other shapes.
Result<Constant> Combine(const Node& node, const Constant& a, const Constant& b);

/// The number of `constant` for each channel of a value: its elements, or its only one.
/// Errors: kCorruptData when it has another number of elements.
Result<std::vector<double>> ChannelValues(const Node& node, const Constant& constant, int channels);

enum class ConstantSide { kLeft, kRight };

/// Arithmetic of a value and a constant (one number a channel), as a factor and a bias for each channel.
/// Errors: kUnsupported for a constant divided by a value.
Result<ChannelAffine> ToAffine(const Node& node, std::vector<double> constant, ConstantSide side);

/// Weights [out, ...] as [..., out].
std::vector<float> OutputLast(const std::vector<float>& weights, std::int64_t out_channels);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_CONSTANTS_H_

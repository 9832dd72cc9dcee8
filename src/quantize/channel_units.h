// SPDX-License-Identifier: Apache-2.0
// The units that the channels of a value are counted in when it is kept as whole numbers of 8 bits.
#ifndef POSENET_QUANTIZE_CHANNEL_UNITS_H_
#define POSENET_QUANTIZE_CHANNEL_UNITS_H_

#include "nn/graph/network.h"
#include "quantize/matrix.h"

namespace posenet::quantize {

/// Values count from zero to this.
inline constexpr float kLargestWhole = 255.0F;

/// The smallest units in which channels that reach as far as `largest` can be counted. Images that were not seen may
/// go beyond the ranges of those that were, but not beyond what the activation lets pass.
Eigen::RowVectorXf SmallestUnits(const Eigen::RowVectorXf& largest, nn::Activation activation);

/// The same for values that are kept in 256ths of these units: with bits to spare, there is room for much more than was
/// seen.
Eigen::RowVectorXf UnitsOfSixteenBits(const Eigen::RowVectorXf& largest, nn::Activation activation);

/// The units of a product's inputs decide how finely these are rounded and, as the weights take them on, how finely the
/// weights are: the best of what lies between `smallest` and one unit for all channels. `weights` [in, out] of the
/// float product, `gram` [in, in] of its inputs.
Eigen::RowVectorXf BestUnits(const Eigen::RowVectorXf& smallest, const Matrix& weights, const GramMatrix& gram);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_CHANNEL_UNITS_H_

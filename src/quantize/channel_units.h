// SPDX-License-Identifier: Apache-2.0
// The units of the channels of a value that is stored as uint8.
#ifndef POSENET_QUANTIZE_CHANNEL_UNITS_H_
#define POSENET_QUANTIZE_CHANNEL_UNITS_H_

#include "nn/graph/network.h"
#include "quantize/matrix.h"

namespace posenet::quantize {

/// The largest uint8.
inline constexpr float kMaxUint8 = 255.0F;

/// The smallest units that cover channels with calibration extremes `least` and `largest`, with a margin for other
/// images, but not beyond the range of the activation.
Eigen::RowVectorXf SmallestUnits(const Eigen::RowVectorXf& least, const Eigen::RowVectorXf& largest,
                                 nn::Activation activation);

/// The integers that stand for 0: such that the middle of the calibration extremes is near that of 0 to 255.
Eigen::RowVectorXf ZeroPoints(const Eigen::RowVectorXf& least, const Eigen::RowVectorXf& largest,
                              const Eigen::RowVectorXf& units);

/// The same for values that are stored as 16-bit integers in 256ths of these units, which leaves room for a larger
/// margin.
Eigen::RowVectorXf UnitsOfSixteenBits(const Eigen::RowVectorXf& largest, nn::Activation activation);

/// The units of a product's inputs with the smallest error, between `smallest` and one unit for all channels. Input
/// units are multiplied into the weights, so they determine how finely inputs are rounded and how finely weights are.
/// `weights` [in, out] are those of the float product, `input_power` [in] is the mean square of its inputs.
Eigen::RowVectorXf BestUnits(const Eigen::RowVectorXf& smallest, const Matrix& weights,
                             const Eigen::RowVectorXd& input_power);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_CHANNEL_UNITS_H_

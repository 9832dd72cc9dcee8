// SPDX-License-Identifier: Apache-2.0
// Rounds the weights of a product such that its results change as little as possible.
#ifndef POSENET_QUANTIZE_WEIGHT_ROUNDING_H_
#define POSENET_QUANTIZE_WEIGHT_ROUNDING_H_

#include <cstdint>
#include <vector>

#include "quantize/matrix.h"

namespace posenet::quantize {

struct Int8Weights {
  std::vector<std::int8_t> weights;  // [in, out]
  std::vector<float> scales;         // [out]: a weight stands for scale * weight.
};

/// Rounds `weights` [in, out] to int8 with a scale for each column. `gram` [in, in] is that of the inputs.
Int8Weights RoundToInt8(const Matrix& weights, const GramMatrix& gram);

/// Rounds `weights` [in, out] to bfloat16.
Matrix RoundToBFloat16(const Matrix& weights, const GramMatrix& gram);

/// Weights near `weights` whose results on rounded inputs q are close to those of `weights` on the unrounded inputs x.
/// `gram` is the mean of q q^T, `cross` that of q x^T.
Matrix AdaptWeights(const Matrix& weights, const GramMatrix& gram, const GramMatrix& cross);

/// The mean over inputs x of the squared length of x * difference: the power of the change in the results if the
/// weights change by `difference`.
double ResultPower(const Matrix& difference, const GramMatrix& gram);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_WEIGHT_ROUNDING_H_

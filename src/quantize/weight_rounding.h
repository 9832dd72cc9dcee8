// SPDX-License-Identifier: Apache-2.0
// The weights of a product in few bits, such that its results change as little as possible.
#ifndef POSENET_QUANTIZE_WEIGHT_ROUNDING_H_
#define POSENET_QUANTIZE_WEIGHT_ROUNDING_H_

#include <cstdint>
#include <vector>

#include "quantize/matrix.h"

namespace posenet::quantize {

struct Int8Weights {
  std::vector<std::int8_t> weights;  // [in, out]
  std::vector<float> scales;         // [out]: weight = scale * whole number.
};

/// Rounds `weights` [in, out] to whole numbers of a unit for each column.
Int8Weights RoundToInt8(const Matrix& weights, const GramMatrix& gram);

/// Rounds `weights` [in, out] to bfloat16.
Matrix RoundToBFloat16(const Matrix& weights, const GramMatrix& gram);

/// The weights that answer to rounded inputs q what `weights` answer to the inputs x that they were made from, as
/// nearly as weights near them can. `gram` is the mean of q q^T, `cross` that of q x^T.
Matrix AdaptWeights(const Matrix& weights, const GramMatrix& gram, const GramMatrix& cross);

/// Mean over rows x of the squared length of x * difference: what a change of the weights changes in the results.
double ResultPower(const Matrix& difference, const GramMatrix& gram);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_WEIGHT_ROUNDING_H_

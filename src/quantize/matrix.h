// SPDX-License-Identifier: Apache-2.0
// The matrix types of quantization.
#ifndef POSENET_QUANTIZE_MATRIX_H_
#define POSENET_QUANTIZE_MATRIX_H_

#include <Eigen/Core>

namespace posenet::quantize {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
/// The mean over all inputs x of x x^T: [in, in]. By rows, like the products that are added to it.
using GramMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_MATRIX_H_

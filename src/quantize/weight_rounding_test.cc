// SPDX-License-Identifier: Apache-2.0
#include "quantize/weight_rounding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace posenet::quantize {
namespace {

Matrix Random(Eigen::Index rows, Eigen::Index columns, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Matrix matrix(rows, columns);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = normal(random);
  return matrix;
}

// The Gram matrix of correlated inputs, like those of a network.
GramMatrix CorrelatedGram(Eigen::Index channels) {
  const Matrix mixed =
      Random(400, channels / 4, 1) * Random(channels / 4, channels, 2) + 0.3F * Random(400, channels, 3);
  return (mixed.transpose() * mixed).cast<double>() / 400.0;
}

Matrix Restored(const Int8Weights& rounded, Eigen::Index rows) {
  const auto columns = static_cast<Eigen::Index>(rounded.scales.size());
  Matrix restored(rows, columns);
  for (Eigen::Index i = 0; i < restored.size(); ++i) {
    restored.data()[i] = static_cast<float>(rounded.weights[static_cast<std::size_t>(i)]) *
                         rounded.scales[static_cast<std::size_t>(i % columns)];
  }
  return restored;
}

TEST(RoundToInt8Test, IsExactForWholeMultiples) {
  Matrix weights(4, 2);
  weights << 127, -63.5F, 1, 0.5F, -5, 2, 0, 0;
  const Int8Weights rounded = RoundToInt8(weights, GramMatrix::Identity(4, 4));
  EXPECT_TRUE(Restored(rounded, 4).isApprox(weights));
}

TEST(RoundToInt8Test, ChangesResultsLessThanRoundingEachWeightToNearest) {
  const Matrix weights = Random(32, 8, 4);
  const GramMatrix gram = CorrelatedGram(32);
  const Matrix ours = Restored(RoundToInt8(weights, gram), 32);
  Matrix nearest = weights;
  for (Eigen::Index column = 0; column < nearest.cols(); ++column) {
    const float unit = weights.col(column).cwiseAbs().maxCoeff() / 127.0F;
    nearest.col(column) = (weights.col(column) / unit).array().round() * unit;
  }
  EXPECT_LT(ResultPower(ours - weights, gram), 0.5 * ResultPower(nearest - weights, gram));
}

TEST(RoundToInt8Test, ConstantInputs) {
  const Matrix weights = Random(8, 3, 5);
  const Int8Weights rounded = RoundToInt8(weights, GramMatrix::Zero(8, 8));
  EXPECT_LT((Restored(rounded, 8) - weights).cwiseAbs().maxCoeff(), 0.03F);
}

TEST(RoundToInt8Test, ColumnOfZeros) {
  Matrix weights = Random(8, 3, 6);
  weights.col(1).setZero();
  EXPECT_TRUE(Restored(RoundToInt8(weights, GramMatrix::Identity(8, 8)), 8).col(1).isZero());
}

TEST(RoundToBFloat16Test, ReturnsBFloat16ThatChangesResultsLessThanRoundingToNearest) {
  const Matrix weights = Random(32, 8, 7);
  const GramMatrix gram = CorrelatedGram(32);
  const Matrix ours = RoundToBFloat16(weights, gram);
  Matrix nearest = weights;
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    int exponent = 0;
    const float mantissa = std::frexp(weights.data()[i], &exponent);
    nearest.data()[i] = std::ldexp(std::nearbyint(mantissa * 256.0F), exponent - 8);
    const float eight_bits = std::frexp(ours.data()[i], &exponent) * 256.0F;
    EXPECT_EQ(eight_bits, std::nearbyint(eight_bits));
  }
  EXPECT_LT(ResultPower(ours - weights, gram), 0.5 * ResultPower(nearest - weights, gram));
}

}  // namespace
}  // namespace posenet::quantize

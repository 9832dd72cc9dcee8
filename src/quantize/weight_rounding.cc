// SPDX-License-Identifier: Apache-2.0
#include "quantize/weight_rounding.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "nn/graph/bfloat16.h"

namespace posenet::quantize {
namespace {

constexpr float kLargestWeight = 127.0F;

// A hundredth of the mean power, so that constant or fully correlated inputs do not make a matrix singular.
double DampingOf(const GramMatrix& gram) {
  return std::max(0.01 * gram.trace() / static_cast<double>(gram.rows()), 1e-12);
}

// GPTQ: rounds rows in descending order of their inputs' power, each after adjusting it to compensate for the rows
// before it. `round(weight, column)` returns the nearest number that a weight of that column can represent.
template <typename Round>
Matrix RoundRowByRow(const Matrix& weights, const GramMatrix& gram, const Round& round) {
  const Eigen::Index rows = weights.rows();
  std::vector<Eigen::Index> order(static_cast<std::size_t>(rows));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return gram(a, a) > gram(b, b); });
  const double damping = DampingOf(gram);
  Eigen::MatrixXd ordered(rows, rows);
  Matrix left(rows, weights.cols());
  for (Eigen::Index i = 0; i < rows; ++i) {
    for (Eigen::Index j = 0; j < rows; ++j) {
      ordered(i, j) = gram(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(j)]);
    }
    ordered(i, i) += damping;
    left.row(i) = weights.row(order[static_cast<std::size_t>(i)]);
  }
  const Eigen::MatrixXd inverse = ordered.llt().solve(Eigen::MatrixXd::Identity(rows, rows));
  const Matrix upper = Eigen::MatrixXd(inverse.llt().matrixU()).cast<float>();
  Matrix rounded(rows, weights.cols());
  for (Eigen::Index i = 0; i < rows; ++i) {
    const Eigen::Index row = order[static_cast<std::size_t>(i)];
    for (Eigen::Index column = 0; column < weights.cols(); ++column) {
      rounded(row, column) = round(left(i, column), column);
    }
    const Eigen::RowVectorXf error = (left.row(i) - rounded.row(row)) / upper(i, i);
    left.bottomRows(rows - i - 1).noalias() -= upper.row(i).tail(rows - i - 1).transpose() * error;
  }
  return rounded;
}

// The unit of a column: that of its largest weight, or one up to a third smaller if finer rounding outweighs the
// clipping, weighted by the power of the inputs.
float UnitOf(const Matrix& weights, const GramMatrix& gram, Eigen::Index column) {
  const float largest = weights.col(column).cwiseAbs().maxCoeff();
  if (largest == 0.0F) return 1.0F;
  float best_unit = largest / kLargestWeight;
  double best_error = std::numeric_limits<double>::infinity();
  for (int step = 0; step < 14; ++step) {
    const float unit = largest / kLargestWeight * (1.0F - 0.025F * static_cast<float>(step));
    double error = 0.0;
    for (Eigen::Index row = 0; row < weights.rows(); ++row) {
      const float whole = std::clamp(std::nearbyint(weights(row, column) / unit), -kLargestWeight, kLargestWeight);
      const double difference = double{weights(row, column)} - double{whole} * unit;
      error += gram(row, row) * difference * difference;
    }
    if (error < best_error) {
      best_error = error;
      best_unit = unit;
    }
  }
  return best_unit;
}

}  // namespace

Int8Weights RoundToInt8(const Matrix& weights, const GramMatrix& gram) {
  Int8Weights result;
  for (Eigen::Index column = 0; column < weights.cols(); ++column) {
    result.scales.push_back(UnitOf(weights, gram, column));
  }
  const auto whole_of = [&](float weight, Eigen::Index column) {
    const float unit = result.scales[static_cast<std::size_t>(column)];
    return std::clamp(std::nearbyint(weight / unit), -kLargestWeight, kLargestWeight);
  };
  const Matrix rounded = RoundRowByRow(weights, gram, [&](float weight, Eigen::Index column) {
    return whole_of(weight, column) * result.scales[static_cast<std::size_t>(column)];
  });
  for (Eigen::Index row = 0; row < weights.rows(); ++row) {
    for (Eigen::Index column = 0; column < weights.cols(); ++column) {
      result.weights.push_back(static_cast<std::int8_t>(whole_of(rounded(row, column), column)));
    }
  }
  return result;
}

Matrix RoundToBFloat16(const Matrix& weights, const GramMatrix& gram) {
  return RoundRowByRow(weights, gram,
                       [](float weight, Eigen::Index) { return nn::FromBFloat16(nn::ToBFloat16(weight)); });
}

Matrix AdaptWeights(const Matrix& weights, const GramMatrix& gram, const GramMatrix& cross) {
  GramMatrix damped = gram;
  // Damped by the mean power, so that weights do not overfit the calibration inputs.
  damped.diagonal().array() += std::max(gram.trace() / static_cast<double>(gram.rows()), 1e-12);
  const Eigen::MatrixXd change = damped.llt().solve((cross - gram) * weights.cast<double>());
  return weights + change.cast<float>();
}

double ResultPower(const Matrix& difference, const GramMatrix& gram) {
  const Eigen::MatrixXd wide = difference.cast<double>();
  return (wide.array() * (gram * wide).array()).sum();
}

}  // namespace posenet::quantize

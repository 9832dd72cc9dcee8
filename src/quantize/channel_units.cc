// SPDX-License-Identifier: Apache-2.0
#include "quantize/channel_units.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace posenet::quantize {
namespace {

// `largest`, or a minimum that keeps the channel's unit large enough to divide by.
float AtLeast(float largest, float largest_of_all) { return std::max({largest, 1e-3F * largest_of_all, 1e-6F}); }

// Units of which 255 cover `margin` times the calibration maximum, or the range of the activation if that is smaller.
Eigen::RowVectorXf UnitsFor(const Eigen::RowVectorXf& largest, nn::Activation activation, float margin) {
  const float bound = activation == nn::Activation::kRelu6 ? 6.0F : std::numeric_limits<float>::infinity();
  const float of_all = largest.maxCoeff();
  return largest.unaryExpr([&](float range) { return std::min(bound, margin * AtLeast(range, of_all)) / kMaxUint8; });
}

// Units between the smallest ones (share 1) and one unit for all channels (share 0), interpolated geometrically.
Eigen::RowVectorXf MixedUnits(const Eigen::RowVectorXf& smallest, double share_of_smallest) {
  const double of_all = smallest.maxCoeff();
  return smallest.unaryExpr(
      [&](float unit) { return static_cast<float>(of_all * std::pow(double{unit} / of_all, share_of_smallest)); });
}

// The error power of a product's results per cell, assuming that all errors are independent: input errors are
// proportional to the units of their channels, weight errors to those of their columns. The latter count less, because
// GPTQ compensates for most of them.
struct PredictedError {
  Eigen::ArrayXd of_input_units;  // [in]: to be multiplied with the square of each channel's unit.
  Eigen::ArrayXd input_power;     // [in]: to be divided by it...
  double of_column_units = 0.0;   // ...and multiplied with this.

  PredictedError(const Eigen::RowVectorXf& units, const Matrix& weights, const Eigen::RowVectorXd& power)
      : input_power(power.transpose()) {
    constexpr double kUncompensatedShare = 0.3;
    const Matrix scaled = units.transpose().asDiagonal() * weights;
    const Eigen::RowVectorXd column_units = scaled.cwiseAbs().colwise().maxCoeff().cast<double>() / 127.0;
    of_input_units = weights.cast<double>().rowwise().squaredNorm().array() / 12.0;
    of_column_units = kUncompensatedShare * column_units.squaredNorm() / 12.0;
  }

  [[nodiscard]] double Sum(const Eigen::RowVectorXf& units) const {
    const Eigen::ArrayXd squares = units.transpose().cast<double>().array().square();
    return (of_input_units * squares).sum() + of_column_units * (input_power / squares).sum();
  }

  // The units that minimize the sum if the units of columns stay as they are.
  [[nodiscard]] Eigen::RowVectorXf Minimizer(const Eigen::RowVectorXf& smallest) const {
    const Eigen::ArrayXd fourth = of_column_units * input_power / of_input_units.max(1e-30);
    return fourth.sqrt().sqrt().cast<float>().matrix().transpose().cwiseMax(smallest).cwiseMin(smallest.maxCoeff());
  }
};

}  // namespace

Eigen::RowVectorXf SmallestUnits(const Eigen::RowVectorXf& least, const Eigen::RowVectorXf& largest,
                                 nn::Activation activation) {
  constexpr float kMargin = 1.2F;
  return UnitsFor(largest - least, activation, kMargin);
}

Eigen::RowVectorXf ZeroPoints(const Eigen::RowVectorXf& least, const Eigen::RowVectorXf& largest,
                              const Eigen::RowVectorXf& units) {
  const Eigen::RowVectorXf middle = 0.5F * (least + largest).cwiseQuotient(units);
  return (0.5F * kMaxUint8 - middle.array()).round().min(kMaxUint8).max(0.0F).matrix();
}

Eigen::RowVectorXf UnitsOfSixteenBits(const Eigen::RowVectorXf& largest, nn::Activation activation) {
  constexpr float kMargin = 4.0F;  // Leaves 14 bits for the range seen in calibration.
  return UnitsFor(largest, activation, kMargin);
}

Eigen::RowVectorXf BestUnits(const Eigen::RowVectorXf& smallest, const Matrix& weights,
                             const Eigen::RowVectorXd& input_power) {
  constexpr int kStarts = 8;
  constexpr int kStepsOfEach = 4;
  Eigen::RowVectorXf best = smallest;
  double least = std::numeric_limits<double>::infinity();
  for (int start = 0; start <= kStarts; ++start) {
    Eigen::RowVectorXf units = MixedUnits(smallest, static_cast<double>(start) / kStarts);
    for (int step = 0; step < kStepsOfEach; ++step) {
      const PredictedError error(units, weights, input_power);
      if (error.Sum(units) < least) {
        least = error.Sum(units);
        best = units;
      }
      units = error.Minimizer(smallest);
    }
  }
  return best;
}

}  // namespace posenet::quantize

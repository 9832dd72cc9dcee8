// SPDX-License-Identifier: Apache-2.0
#include "quantize/samples.h"

#include <algorithm>

namespace posenet::quantize {

Matrix SampleOf(std::span<const float> numbers, Eigen::Index channels, std::size_t input_count) {
  constexpr Eigen::Index kMaxCells = 1024;
  constexpr Eigen::Index kMaxCellsOfAll = 40 * kMaxCells;  // Otherwise memory would not suffice for many inputs.
  const Eigen::Index max_cells = std::min(kMaxCells, kMaxCellsOfAll / static_cast<Eigen::Index>(input_count));
  const Eigen::Index cells = static_cast<Eigen::Index>(numbers.size()) / channels;
  const Eigen::Index count = std::min(cells, std::max<Eigen::Index>(max_cells, 1));
  Matrix sample(count, channels);
  for (Eigen::Index i = 0; i < count; ++i) {
    sample.row(i) = Eigen::Map<const Eigen::RowVectorXf>(numbers.data() + i * cells / count * channels, channels);
  }
  return sample;
}

ChannelStatistics StatisticsOf(const Samples& samples) {
  ChannelStatistics result = {.least = Eigen::RowVectorXf::Zero(samples[0].cols()),
                              .largest = Eigen::RowVectorXf::Zero(samples[0].cols()),
                              .mean = Eigen::RowVectorXd::Zero(samples[0].cols())};
  double cells = 0.0;
  for (const Matrix& sample : samples) {
    result.least = result.least.cwiseMin(sample.colwise().minCoeff());
    result.largest = result.largest.cwiseMax(sample.colwise().maxCoeff());
    result.mean += sample.cast<double>().colwise().sum();
    cells += static_cast<double>(sample.rows());
  }
  result.mean /= cells;
  return result;
}

GramMatrix CrossOf(const Samples& a, const Samples& b) {
  GramMatrix cross = GramMatrix::Zero(a[0].cols(), b[0].cols());
  double cells = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    // Sums over one input are in float, over all inputs in double.
    const Matrix product = a[i].transpose() * b[i];
    cross += product.cast<double>();
    cells += static_cast<double>(a[i].rows());
  }
  return cross / cells;
}

}  // namespace posenet::quantize

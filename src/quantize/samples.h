// SPDX-License-Identifier: Apache-2.0
// Samples of a network's intermediate value on calibration inputs, and their statistics.
#ifndef POSENET_QUANTIZE_SAMPLES_H_
#define POSENET_QUANTIZE_SAMPLES_H_

#include <span>
#include <vector>

#include "quantize/matrix.h"

namespace posenet::quantize {

/// Cells of one value, [cells, channels], for each input. Never empty; every matrix has the same channels.
using Samples = std::vector<Matrix>;

/// Up to 1024 cells of `numbers`, evenly spaced.
Matrix SampleOf(std::span<const float> numbers, Eigen::Index channels);

struct ChannelStatistics {
  Eigen::RowVectorXf largest;
  Eigen::RowVectorXd mean;
};

/// Statistics of all samples; `largest` is at least zero.
ChannelStatistics StatisticsOf(const Samples& samples);

/// The mean over all cells of a b^T, [channels, channels]; `a` and `b` must have the same cells.
GramMatrix CrossOf(const Samples& a, const Samples& b);

inline GramMatrix GramOf(const Samples& samples) { return CrossOf(samples, samples); }

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_SAMPLES_H_

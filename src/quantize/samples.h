// SPDX-License-Identifier: Apache-2.0
// What calibration inputs make of a value within the network: some of its cells, and figures of these.
#ifndef POSENET_QUANTIZE_SAMPLES_H_
#define POSENET_QUANTIZE_SAMPLES_H_

#include <span>
#include <vector>

#include "quantize/matrix.h"

namespace posenet::quantize {

/// Cells of one value, [cells, channels], of each input. Never empty, every matrix of the same channels.
using Samples = std::vector<Matrix>;

/// Cells that lie evenly among those of `numbers`, all of them where they are few.
Matrix SampleOf(std::span<const float> numbers, Eigen::Index channels);

struct ChannelStatistics {
  Eigen::RowVectorXf largest;
  Eigen::RowVectorXd mean;
};

/// `largest` is at least zero.
ChannelStatistics StatisticsOf(const Samples& samples);

/// The mean over all cells of a b^T, [channels, channels]: `a` and `b` are of the same cells.
GramMatrix CrossOf(const Samples& a, const Samples& b);

inline GramMatrix GramOf(const Samples& samples) { return CrossOf(samples, samples); }

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_SAMPLES_H_

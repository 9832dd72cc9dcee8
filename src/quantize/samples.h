// SPDX-License-Identifier: Apache-2.0
// Samples of a network's intermediate value on calibration inputs, and their statistics.
#ifndef POSENET_QUANTIZE_SAMPLES_H_
#define POSENET_QUANTIZE_SAMPLES_H_

#include <cstddef>
#include <span>
#include <vector>

#include "posenet/result.h"
#include "quantize/matrix.h"

namespace posenet::quantize {

/// Cells of one value, [cells, channels], for each input. Never empty; every matrix has the same channels.
using Samples = std::vector<Matrix>;

/// Up to 1024 cells of `numbers`, evenly spaced; fewer if there are more than 40 inputs.
Matrix SampleOf(std::span<const float> numbers, Eigen::Index channels, std::size_t input_count);

struct ChannelStatistics {
  Eigen::RowVectorXf least;
  Eigen::RowVectorXf largest;
  Eigen::RowVectorXd mean;
  Eigen::RowVectorXd mean_square;
};

/// Statistics of all samples; `least` is at most zero, `largest` at least.
ChannelStatistics StatisticsOf(const Samples& samples);

/// The mean over all cells of a b^T, [channels of a, channels of b]; `a` and `b` must have the same cells. Computed by
/// the inference engine; the thread count does not change the result.
/// Errors: kCorruptData if a sample is not finite; those of nn::Plan.
Result<GramMatrix> CrossOf(const Samples& a, const Samples& b, int thread_count);

inline Result<GramMatrix> GramOf(const Samples& samples, int thread_count) {
  return CrossOf(samples, samples, thread_count);
}

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_SAMPLES_H_

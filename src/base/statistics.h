// SPDX-License-Identifier: Apache-2.0
// Statistics of samples.
#ifndef POSENET_BASE_STATISTICS_H_
#define POSENET_BASE_STATISTICS_H_

#include <optional>
#include <span>
#include <vector>

namespace posenet::base {

/// The quantile of `values` at `share` in [0, 1], interpolated linearly between the two nearest values as numpy does;
/// infinite if one of these is. Precondition: `values` is not empty.
double Quantile(std::vector<double> values, double share);

/// Precondition: `values` is not empty.
double Mean(std::span<const double> values);

/// Spearman's rank correlation of `a` and `b`, from -1 (opposite order) to 1 (the same order); equal values share their
/// mean rank. Nothing for fewer than two values, and if all values of one are equal. Precondition: equal sizes.
std::optional<double> RankCorrelation(std::span<const double> a, std::span<const double> b);

}  // namespace posenet::base

#endif  // POSENET_BASE_STATISTICS_H_

// SPDX-License-Identifier: Apache-2.0
#include "camera/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace posenet::camera {

PoseError ErrorOf(const RigidPose& truth, const RigidPose& estimate) {
  return {.position_m = Norm(truth.translation_m - estimate.translation_m),
          .rotation_deg = AngleBetweenDeg(truth.rotation, estimate.rotation)};
}

double Quantile(std::vector<double> values, double quantile) {
  const double place = quantile * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double share = place - static_cast<double>(below);
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(below));
  const double lower = values[below];
  if (share == 0.0) return lower;  // Not 0 * infinity.
  const double upper = *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(below) + 1, values.end());
  return std::isfinite(upper) ? lower + share * (upper - lower) : upper;
}

ErrorSummary Summarize(std::span<const PoseError> errors) {
  ErrorSummary summary;
  summary.frame_count = errors.size();
  if (errors.empty()) return summary;
  std::vector<double> positions_m;
  std::vector<double> rotations_deg;
  PoseError sum;
  for (const PoseError& error : errors) {
    positions_m.push_back(error.position_m);
    rotations_deg.push_back(error.rotation_deg);
    const bool is_missing = !std::isfinite(error.position_m) || !std::isfinite(error.rotation_deg);
    summary.missing_count += is_missing ? 1 : 0;
    sum.position_m += is_missing ? 0.0 : error.position_m;
    sum.rotation_deg += is_missing ? 0.0 : error.rotation_deg;
    for (std::size_t i = 0; i < kThresholds.size(); ++i) {
      const Threshold& threshold = kThresholds[i];
      const bool is_within = error.position_m <= threshold.position_m && error.rotation_deg <= threshold.rotation_deg;
      summary.shares[i] += is_within ? 1.0 / static_cast<double>(errors.size()) : 0.0;
    }
  }
  const auto answered = static_cast<double>(errors.size() - summary.missing_count);
  summary.mean = answered > 0 ? PoseError{sum.position_m / answered, sum.rotation_deg / answered} : kMissing;
  summary.median = {Quantile(positions_m, 0.5), Quantile(rotations_deg, 0.5)};
  summary.percentile_90 = {Quantile(positions_m, 0.9), Quantile(rotations_deg, 0.9)};
  return summary;
}

namespace {

/// The place of each value among all, from 0; equal ones share the mean of their places.
std::vector<double> RanksOf(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = 0.5 * static_cast<double>(begin + end - 1);
    begin = end;
  }
  return ranks;
}

}  // namespace

std::optional<double> RankCorrelation(std::span<const double> a, std::span<const double> b) {
  if (a.size() < 2) return std::nullopt;
  const std::vector<double> ranks_a = RanksOf(a);
  const std::vector<double> ranks_b = RanksOf(b);
  const double mean = 0.5 * static_cast<double>(a.size() - 1);
  double products = 0.0;
  double squares_a = 0.0;
  double squares_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    products += (ranks_a[i] - mean) * (ranks_b[i] - mean);
    squares_a += (ranks_a[i] - mean) * (ranks_a[i] - mean);
    squares_b += (ranks_b[i] - mean) * (ranks_b[i] - mean);
  }
  if (squares_a == 0.0 || squares_b == 0.0) return std::nullopt;
  return products / std::sqrt(squares_a * squares_b);
}

}  // namespace posenet::camera

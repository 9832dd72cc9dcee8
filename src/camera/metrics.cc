// SPDX-License-Identifier: Apache-2.0
#include "camera/metrics.h"

#include <algorithm>
#include <cmath>

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

}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
#include "camera/metrics.h"

#include <cmath>
#include <utility>
#include <vector>

#include "base/statistics.h"

namespace posenet::camera {

PoseError ErrorOf(const RigidPose& truth, const RigidPose& estimate) {
  return {.position_m = Norm(truth.translation_m - estimate.translation_m),
          .rotation_deg = AngleBetweenDeg(truth.rotation, estimate.rotation)};
}

PoseError QuantileOf(std::span<const PoseError> errors, double share) {
  if (errors.empty()) return {};
  std::vector<double> positions_m;
  std::vector<double> rotations_deg;
  for (const PoseError& error : errors) {
    positions_m.push_back(error.position_m);
    rotations_deg.push_back(error.rotation_deg);
  }
  return {base::Quantile(std::move(positions_m), share), base::Quantile(std::move(rotations_deg), share)};
}

ErrorSummary Summarize(std::span<const PoseError> errors) {
  ErrorSummary summary;
  summary.frame_count = errors.size();
  if (errors.empty()) return summary;
  PoseError sum;
  for (const PoseError& error : errors) {
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
  const auto estimated = static_cast<double>(errors.size() - summary.missing_count);
  summary.mean = estimated > 0 ? PoseError{sum.position_m / estimated, sum.rotation_deg / estimated} : kMissing;
  summary.median = QuantileOf(errors, 0.5);
  summary.percentile_90 = QuantileOf(errors, 0.9);
  return summary;
}

}  // namespace posenet::camera

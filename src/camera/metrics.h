// SPDX-License-Identifier: Apache-2.0
// How far estimated poses are from the true ones.
#ifndef POSENET_CAMERA_METRICS_H_
#define POSENET_CAMERA_METRICS_H_

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "camera/rigid_pose.h"

namespace posenet::camera {

/// Of one frame: the distance of the camera centres, and the angle between the rotations. A frame without an estimate
/// has infinite errors, those of kMissing: it counts as a failure in everything but the mean.
struct PoseError {
  double position_m = 0.0;
  double rotation_deg = 0.0;
};
inline constexpr PoseError kMissing = {std::numeric_limits<double>::infinity(),
                                       std::numeric_limits<double>::infinity()};

PoseError ErrorOf(const RigidPose& truth, const RigidPose& estimate);

/// "Within 5 cm and 5 degrees": both hold, and equality counts.
struct Threshold {
  double position_m;
  double rotation_deg;
  std::string_view name;
};
/// 5 cm/5 deg is 7-Scenes' own; 25 cm/2 deg, 50 cm/5 deg and 5 m/10 deg are those of the Long-Term Visual Localization
/// benchmark; 10 cm/5 deg is ACE's.
inline constexpr std::array<Threshold, 5> kThresholds = {{
    {0.05, 5.0, "5 cm, 5 deg"},
    {0.10, 5.0, "10 cm, 5 deg"},
    {0.25, 2.0, "25 cm, 2 deg"},
    {0.50, 5.0, "50 cm, 5 deg"},
    {5.0, 10.0, "5 m, 10 deg"},
}};

/// Of many frames. Position and rotation are looked at each for itself, as everywhere in the literature, but for the
/// shares.
struct ErrorSummary {
  std::size_t frame_count = 0;
  std::size_t missing_count = 0;
  PoseError median;                                    ///< kMissing when half of the frames are.
  PoseError mean;                                      ///< Over the frames that are not missing; kMissing for none.
  PoseError percentile_90;                             ///< Interpolated linearly between neighbours, as numpy does.
  std::array<double, kThresholds.size()> shares = {};  ///< Of all frames, in [0, 1]; parallel to kThresholds.
};

/// All zero for no errors.
ErrorSummary Summarize(std::span<const PoseError> errors);

/// The value below which a share `quantile` in [0, 1] of `values` lies, interpolated linearly between the two nearest;
/// infinite where one of these is. Precondition: not empty.
double Quantile(std::vector<double> values, double quantile);

/// Spearman's rank correlation of `a` and `b`, from -1 (opposite order) to 1 (the same order); values that are equal
/// share their mean rank. Nothing for fewer than two, and where all of one are equal. Precondition: as many of each.
std::optional<double> RankCorrelation(std::span<const double> a, std::span<const double> b);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_METRICS_H_

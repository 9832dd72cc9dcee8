// SPDX-License-Identifier: Apache-2.0
// Errors of estimated poses.
#ifndef POSENET_CAMERA_METRICS_H_
#define POSENET_CAMERA_METRICS_H_

#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include "camera/rigid_pose.h"

namespace posenet::camera {

/// The error of one frame: the distance between the camera centers and the angle between the rotations. A frame without
/// an estimate has infinite errors, kMissing: it counts as a failure in everything but the mean.
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
/// 5 cm, 5 deg is that of 7-Scenes; 25 cm, 2 deg, 50 cm, 5 deg and 5 m, 10 deg are those of the Long-Term Visual
/// Localization benchmark; 10 cm, 5 deg is ACE's.
inline constexpr std::array<Threshold, 5> kThresholds = {{
    {0.05, 5.0, "5 cm, 5 deg"},
    {0.10, 5.0, "10 cm, 5 deg"},
    {0.25, 2.0, "25 cm, 2 deg"},
    {0.50, 5.0, "50 cm, 5 deg"},
    {5.0, 10.0, "5 m, 10 deg"},
}};

/// Errors of many frames. As usual in the literature, statistics of position and rotation are independent of each other
/// except for the shares.
struct ErrorSummary {
  std::size_t frame_count = 0;
  std::size_t missing_count = 0;
  PoseError median;                                    ///< kMissing if half of the frames or more are.
  PoseError mean;                                      ///< Over the frames that are not missing; kMissing for none.
  PoseError percentile_90;                             ///< base::Quantile at 0.9.
  std::array<double, kThresholds.size()> shares = {};  ///< Of all frames, in [0, 1]; parallel to kThresholds.
};

/// All zero for no errors.
ErrorSummary Summarize(std::span<const PoseError> errors);

/// Quantiles of the position errors and of the rotation errors; zero for no errors.
PoseError QuantileOf(std::span<const PoseError> errors, double share);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_METRICS_H_

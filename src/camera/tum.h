// SPDX-License-Identifier: Apache-2.0
// Private to camera: trajectories in TUM's format, for scenes and for estimates.
#ifndef POSENET_CAMERA_TUM_H_
#define POSENET_CAMERA_TUM_H_

#include <filesystem>
#include <string>
#include <vector>

#include "camera/rigid_pose.h"

namespace posenet::camera {

/// A line of a trajectory.
struct TimedPose {
  double time_s = 0.0;
  CheckedRotation rotation;  ///< world_from_cam
  Vector3 center_m;
  std::string origin;  ///< "file:line"
};

/// "timestamp tx ty tz qx qy qz qw" per line, camera to world; '#' starts a comment. At least one pose; times increase.
/// Errors: those of ReadFile; kCorruptData naming file and line.
Result<std::vector<TimedPose>> ReadTumPoses(const std::filesystem::path& file);

/// Maximum time between an image and its pose, the same as in TUM's associate.py.
inline constexpr double kMaxTimeDifferenceS = 0.02;

/// The pose nearest to `time_s`, or null if none is within kMaxTimeDifferenceS.
const TimedPose* NearestInTime(const std::vector<TimedPose>& poses, double time_s);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_TUM_H_

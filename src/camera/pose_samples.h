// SPDX-License-Identifier: Apache-2.0
// Mean and spread of several pose estimates of one photo.
#ifndef POSENET_CAMERA_POSE_SAMPLES_H_
#define POSENET_CAMERA_POSE_SAMPLES_H_

#include <cstddef>
#include <vector>

#include "camera/rigid_pose.h"

namespace posenet::camera {

/// Standard deviations of samples.
struct PoseSpread {
  Vector3 position_std;             ///< Of each coordinate.
  double position_total_std = 0.0;  ///< The root of the sum of their squares.
  double rotation_std_deg = 0.0;    ///< The root mean square angle to the mean rotation.
};

/// Estimated poses of one photo. Clear keeps the memory.
class PoseSamples {
 public:
  void Clear();
  void Add(const RigidPose& pose);
  [[nodiscard]] std::size_t size() const { return positions_.size(); }

  /// The mean position and the mean rotation. Precondition: not empty.
  [[nodiscard]] RigidPose Mean() const;

  /// `mean` is Mean(). Position deviations are those of a sample, divided by size() - 1. All 0 for a single pose.
  [[nodiscard]] PoseSpread SpreadAround(const RigidPose& mean) const;

 private:
  std::vector<Vector3> positions_;
  std::vector<Quaternion> rotations_;
};

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_POSE_SAMPLES_H_

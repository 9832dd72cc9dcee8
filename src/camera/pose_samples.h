// SPDX-License-Identifier: Apache-2.0
// Several answers about one photo made one.
#ifndef POSENET_CAMERA_POSE_SAMPLES_H_
#define POSENET_CAMERA_POSE_SAMPLES_H_

#include <cstddef>
#include <vector>

#include "camera/rigid_pose.h"

namespace posenet::camera {

/// How far samples lie apart.
struct PoseSpread {
  Vector3 position_std;
  double position_total_std = 0.0;
  double rotation_std_deg = 0.0;
};

/// Poses of one photo. Its memory is kept by Clear.
class PoseSamples {
 public:
  void Clear();
  void Add(const RigidPose& pose);
  [[nodiscard]] std::size_t size() const { return positions_.size(); }

  /// The mean position and the mean rotation. Precondition: not empty.
  [[nodiscard]] RigidPose Mean() const;

  /// Standard deviations of the coordinates (of a sample: divided by one less than there are), the root of the sum of
  /// their squares, and the root of the mean squared angle to `mean`, which is Mean(). All 0 for a single sample.
  [[nodiscard]] PoseSpread SpreadAround(const RigidPose& mean) const;

 private:
  std::vector<Vector3> positions_;
  std::vector<Quaternion> rotations_;
};

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_POSE_SAMPLES_H_

// SPDX-License-Identifier: Apache-2.0
#include "camera/pose_samples.h"

#include <cmath>

namespace posenet::camera {

void PoseSamples::Clear() {
  positions_.clear();
  rotations_.clear();
}

void PoseSamples::Add(const RigidPose& pose) {
  positions_.push_back(pose.translation_m);
  rotations_.push_back(pose.rotation);
}

RigidPose PoseSamples::Mean() const {
  // Exact for a single pose.
  if (positions_.size() == 1) return {.rotation = rotations_.front(), .translation_m = positions_.front()};
  Vector3 sum;
  for (const Vector3& position : positions_) sum = sum + position;
  return {.rotation = InHemisphere(MeanRotation(rotations_)),
          .translation_m = (1.0 / static_cast<double>(positions_.size())) * sum};
}

PoseSpread PoseSamples::SpreadAround(const RigidPose& mean) const {
  if (positions_.size() < 2) return {};
  Vector3 squares;
  for (const Vector3& position : positions_) {
    const Vector3 d = position - mean.translation_m;
    squares = squares + Vector3{d.x * d.x, d.y * d.y, d.z * d.z};
  }
  double squared_angles = 0.0;
  for (const Quaternion& rotation : rotations_) {
    const double angle_deg = AngleBetweenDeg(rotation, mean.rotation);
    squared_angles += angle_deg * angle_deg;
  }
  const auto count = static_cast<double>(positions_.size());
  const Vector3 variance = (1.0 / (count - 1.0)) * squares;
  return {.position_std = {std::sqrt(variance.x), std::sqrt(variance.y), std::sqrt(variance.z)},
          .position_total_std = std::sqrt(variance.x + variance.y + variance.z),
          .rotation_std_deg = std::sqrt(squared_angles / count)};
}

}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
// The places that synth.h names, a file each.
#ifndef POSENET_CAMERA_SYNTH_PLACES_H_
#define POSENET_CAMERA_SYNTH_PLACES_H_

#include <vector>

#include "camera/synth.h"
#include "camera/synth_pattern.h"

namespace posenet::camera::synth {

/// Where somebody who carries a camera looks: about the vertical, up or down, and how far the camera is held askew.
struct Gaze {
  double yaw_deg = 0.0;
  double pitch_deg = 0.0;
  double roll_deg = 0.0;
};
RigidPose LookingFrom(const Vector3& center_m, const Gaze& gaze);

World FurnishRoom(std::vector<image::Image> photos, Random& random);
std::vector<RigidPose> WalkInRoom(int count, Random& random);

World FurnishCorridor(std::vector<image::Image> photos, Random& random);
std::vector<RigidPose> WalkInCorridor(int count, Random& random);

World FurnishStreet(std::vector<image::Image> photos, Random& random);
/// Walks of odd `number` go the other way.
std::vector<RigidPose> WalkInStreet(int count, int number, Random& random);

}  // namespace posenet::camera::synth

#endif  // POSENET_CAMERA_SYNTH_PLACES_H_

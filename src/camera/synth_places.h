// SPDX-License-Identifier: Apache-2.0
// The places of synth.h, each in a file of its own.
#ifndef POSENET_CAMERA_SYNTH_PLACES_H_
#define POSENET_CAMERA_SYNTH_PLACES_H_

#include <vector>

#include "camera/synth.h"
#include "camera/synth_pattern.h"

namespace posenet::camera::synth {

/// The orientation of a camera: about the vertical, up or down, and about its optical axis.
struct Orientation {
  double yaw_deg = 0.0;
  double pitch_deg = 0.0;
  double roll_deg = 0.0;
};
RigidPose PoseAt(const Vector3& center_m, const Orientation& orientation);

World MakeRoom(std::vector<image::Image> photos, Random& random);
std::vector<RigidPose> WalkInRoom(int count, Random& random);
std::vector<RigidPose> WalkAtWall(int count, Random& random);

World MakeCorridor(std::vector<image::Image> photos, Random& random);
std::vector<RigidPose> WalkInCorridor(int count, Random& random);

World MakeStreet(std::vector<image::Image> photos, Random& random);
/// Walks of odd `number` go the other way.
std::vector<RigidPose> WalkInStreet(int count, int number, Random& random);

}  // namespace posenet::camera::synth

#endif  // POSENET_CAMERA_SYNTH_PLACES_H_

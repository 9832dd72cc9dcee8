// SPDX-License-Identifier: Apache-2.0
// What the numbers of a camera network mean.
#ifndef POSENET_MODEL_CAMERA_SPEC_H_
#define POSENET_MODEL_CAMERA_SPEC_H_

#include <array>
#include <string>

#include "posenet/camera.h"

namespace posenet::model {

/// Names of the outputs of a camera network (nn::Output::name): [batch, 1, 1, 3]; 4 or 3; and what the regressors read
/// before dropout, which retrieval compares photos by.
inline constexpr const char* kPositionOutput = "position";
inline constexpr const char* kRotationOutput = "rotation";
inline constexpr const char* kFeaturesOutput = "features";

/// How a network says a rotation.
enum class RotationParameters {
  kQuaternion,  ///< Four numbers w, x, y, z of any length above 0, to be normalised. Kendall et al. 2015.
  /// Three numbers v: the quaternion (cos |v|, sin |v| v/|v|), so that |v| is half of the angle. Brahmbhatt et al.,
  /// Geometry-Aware Learning of Maps for Camera Localization, 2018, equation 2.
  kLogQuaternion,
};

/// How many numbers that are.
inline int RotationSize(RotationParameters rotation) { return rotation == RotationParameters::kQuaternion ? 4 : 3; }

/// The network's answers, position p and rotation r, stand for the pose (camera/rigid_pose.h)
///   centre = origin + scale * p,   world_from_cam rotation = base_rotation * Quaternion(r).
/// Networks answer numbers around 0, which single precision keeps well, wherever the scene lies.
struct CameraSpec {
  RotationParameters rotation = RotationParameters::kQuaternion;
  std::array<double, 3> origin = {0.0, 0.0, 0.0};                   // In units of the scene.
  double scale = 1.0;                                               // Above 0.
  std::array<double, 4> base_rotation_wxyz = {1.0, 0.0, 0.0, 0.0};  // Of length 1.
  LengthUnit length_unit = LengthUnit::kMeters;
  std::string scene;  // What the model was trained on, for people.
  /// The share of the largest centred part of a photo (of the input's shape) that the network sees: 1 for all of it;
  /// 224/256 where it was trained on random crops of 224 from photos whose shortest side is 256.
  double crop_share = 1.0;
  /// Frames that the network looks at together; 1 for single photos. Networks that were made for more take fewer.
  int sequence_length = 1;
  friend bool operator==(const CameraSpec&, const CameraSpec&) = default;
};

}  // namespace posenet::model

#endif  // POSENET_MODEL_CAMERA_SPEC_H_

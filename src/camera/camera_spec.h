// SPDX-License-Identifier: Apache-2.0
// What the outputs of a camera network mean, and how a model file says so.
#ifndef POSENET_CAMERA_CAMERA_SPEC_H_
#define POSENET_CAMERA_CAMERA_SPEC_H_

#include <array>
#include <string>
#include <string_view>

#include "posenet/camera.h"
#include "posenet/result.h"

namespace posenet::camera {

/// Names of the outputs of a camera network (nn::Output::name): the position, [batch, 1, 1, 3]; the rotation,
/// [batch, 1, 1, RotationSize]; and the input of the regressors, before dropout, by which retrieval compares photos.
inline constexpr const char* kPositionOutput = "position";
inline constexpr const char* kRotationOutput = "rotation";
inline constexpr const char* kFeaturesOutput = "features";

/// How a network represents a rotation.
enum class RotationParameters {
  kQuaternion,  ///< Four numbers w, x, y, z of any length above 0, to be normalized. Kendall et al. 2015.
  /// Three numbers v: the quaternion (cos |v|, sin |v| v/|v|), so that |v| is half of the angle. Brahmbhatt et al.,
  /// Geometry-Aware Learning of Maps for Camera Localization, 2018, equation 2.
  kLogQuaternion,
};

/// "meters" or "arbitrary", as in model files, JSON outputs and ONNX metadata.
std::string_view LengthUnitName(LengthUnit unit);

/// The number of channels of the rotation output.
inline int RotationSize(RotationParameters rotation) { return rotation == RotationParameters::kQuaternion ? 4 : 3; }

/// Maximum of CameraSpec::sequence_length.
inline constexpr int kMaxSequenceLength = 1000;

/// The network's outputs, position p and rotation r, stand for the pose (camera/rigid_pose.h)
///   center = origin + scale * p,   world_from_cam rotation = base_rotation * Quaternion(r).
/// So the network outputs numbers around 0, which single precision represents well, wherever the scene is.
struct CameraSpec {
  RotationParameters rotation = RotationParameters::kQuaternion;
  std::array<double, 3> origin = {0.0, 0.0, 0.0};                   ///< In units of the scene.
  double scale = 1.0;                                               ///< Above 0.
  std::array<double, 4> base_rotation_wxyz = {1.0, 0.0, 0.0, 0.0};  ///< Of length 1, within 1e-6.
  LengthUnit length_unit = LengthUnit::kMeters;                     ///< Of the scene.
  std::string scene = {};                                           ///< The training scene, human-readable.
  /// The network sees the largest centered crop of a photo that has the input's aspect ratio, its sides times
  /// crop_share, which is in (0, 1]: 1 for all of it; 224/256 for training on random crops of 224 pixels from photos
  /// whose shorter side is 256.
  double crop_share = 1.0;
  /// Frames that the network processes together, 1 to kMaxSequenceLength; 1 for single photos. A network for more
  /// frames accepts fewer.
  int sequence_length = 1;
  friend bool operator==(const CameraSpec&, const CameraSpec&) = default;
};

/// `spec` as the object "camera" of a model file (docs/reference/model-format.md), compact JSON.
std::string CameraSpecToJson(const CameraSpec& spec);

/// Reads the output of CameraSpecToJson: all fields present, no unknown ones, each number in its range.
/// Errors: kCorruptData and kUnsupported (unknown fields) naming the value, such as "camera.origin[1]".
Result<CameraSpec> ParseCameraSpec(std::string_view json);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_CAMERA_SPEC_H_

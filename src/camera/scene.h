// SPDX-License-Identifier: Apache-2.0
// Main header of the module camera: scenes of posed photos and their file formats, networks that estimate from a photo
// where in a scene it was taken, and the evaluation of such estimates. The module knows image and model, but no image
// files. Readers convert the conventions of each data set to those of rigid_pose.h.
#ifndef POSENET_CAMERA_SCENE_H_
#define POSENET_CAMERA_SCENE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "camera/rigid_pose.h"
#include "posenet/camera.h"
#include "posenet/result.h"

namespace posenet::camera {

/// Whether a frame is for training or for testing.
enum class Split { kTrain, kTest };

/// Where the test split comes from.
enum class SplitOrigin {
  kGiven,    ///< From the data.
  kHeldOut,  ///< From HoldOutBlocks, because the data has none.
};

/// File formats of scenes; docs/reference/scene-formats.md describes each.
enum class SceneFormat { kSevenScenes, kCambridge, kColmap, kNerf, kTum, kCsv };

/// The name in options and messages: "7scenes", "cambridge", "colmap", "nerf", "tum", "csv".
std::string_view FormatName(SceneFormat format);
/// The format of that name; nothing for other names.
std::optional<SceneFormat> FormatOf(std::string_view name);

/// A pinhole camera; lens distortion is dropped. The center of the top-left pixel is at (0.5, 0.5), as in COLMAP.
struct Intrinsics {
  int width_px = 0;
  int height_px = 0;
  double focal_x_px = 0.0;
  double focal_y_px = 0.0;
  double center_x_px = 0.0;
  double center_y_px = 0.0;
};

/// A photo and its camera pose.
struct Frame {
  std::string name;             ///< Unique; as in the data, such as "seq-01/frame-000000.color.png".
  std::filesystem::path image;  ///< The image's file.
  RigidPose world_from_cam = {};
  Split split = Split::kTrain;
  std::string sequence = {};                         ///< The recording; "" if the format has none.
  std::optional<double> time_s = std::nullopt;       ///< Within the sequence, if the format has it.
  std::optional<std::size_t> camera = std::nullopt;  ///< Index into Scene::cameras.
  std::vector<std::uint32_t> points = {};         ///< Sorted indices into Scene::points_world_m of the visible points.
  RotationDefect defect = RotationDefect::kNone;  ///< Of the rotation in the data, before it was repaired.
  double defect_amount = 1.0;                     ///< CheckedRotation::amount.
  std::string origin = {};                        ///< Where the pose was read, "file:line", for messages.
};

/// A place with posed photos of it.
struct Scene {
  SceneFormat format = SceneFormat::kSevenScenes;
  LengthUnit units = LengthUnit::kMeters;
  SplitOrigin split_origin = SplitOrigin::kGiven;
  /// Sequences in natural order ("seq-2" before "seq-10"); within each, frames in the order of time or, without times,
  /// of their names.
  std::vector<Frame> frames;
  std::vector<Intrinsics> cameras;
  std::vector<Vector3> points_world_m;  ///< 3D points of the place, if the format has them.
  /// What the reader decided or left out, one sentence each, for messages.
  std::vector<std::string> remarks;
};

/// The poses of one split, in order.
std::vector<RigidPose> PosesOf(const Scene& scene, Split split);

/// Whether frame `index` directly follows the frame before it: both are of the same split and sequence.
bool FollowsPrevious(const Scene& scene, std::size_t index);

/// A description for messages: "a left-handed rotation matrix".
std::string_view DefectName(RotationDefect defect);

/// Fails if the data has an invalid rotation. For training and evaluation: a repaired rotation is a guess.
/// Errors: kCorruptData with origin and defect of the first one.
Result<void> RequireSoundRotations(const Scene& scene);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_SCENE_H_

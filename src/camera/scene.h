// SPDX-License-Identifier: Apache-2.0
// camera, the room's door: posed photos of a place, networks that know where in it a photo was taken, and how good such
// estimates are. Knows image and model; no image files. Whatever a data set's own conventions are, its reader
// converts to those of rigid_pose.h.
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

/// Whether a frame may be learnt from.
enum class Split { kTrain, kTest };

/// Who said which frames are for testing.
enum class SplitOrigin {
  kGiven,    ///< The data.
  kHeldOut,  ///< HoldOutBlocks: the data does not say.
};

/// The ways in which scenes are stored; docs/camera.md describes each.
enum class SceneFormat { kSevenScenes, kCambridge, kColmap, kNerf, kTum, kCsv };

/// As the command line and messages call it: "7scenes", "cambridge", "colmap", "nerf", "tum", "csv".
std::string_view FormatName(SceneFormat format);
/// The format of that name, or nothing.
std::optional<SceneFormat> FormatOf(std::string_view name);

/// A pinhole camera; lens distortion is not kept. In pixels, the centre of the top-left pixel at (0.5, 0.5) as COLMAP
/// has it.
struct Intrinsics {
  int width_px = 0;
  int height_px = 0;
  double focal_x_px = 0.0;
  double focal_y_px = 0.0;
  double center_x_px = 0.0;
  double center_y_px = 0.0;
};

/// A photo and where it was taken.
struct Frame {
  std::string name;             ///< What the format calls it, such as "seq-01/frame-000000.color.png". Unique.
  std::filesystem::path image;  ///< The image's file.
  RigidPose world_from_cam = {};
  Split split = Split::kTrain;
  std::string sequence = {};                         ///< Frames of one recording; "" where the format knows none.
  std::optional<double> time_s = std::nullopt;       ///< Within its sequence, where the format has it.
  std::optional<std::size_t> camera = std::nullopt;  ///< Index into Scene::cameras.
  std::vector<std::uint32_t> points = {};  ///< Indices into Scene::points_world_m: those that the photo shows. Sorted.
  RotationDefect defect = RotationDefect::kNone;  ///< What was wrong with the rotation as it was read...
  double defect_amount = 1.0;                     ///< ... and how much: CheckedRotation::amount.
  std::string origin = {};                        ///< Where its pose was read: "file:line", for messages.
};

/// All that a data set says of a place.
struct Scene {
  SceneFormat format = SceneFormat::kSevenScenes;
  LengthUnit units = LengthUnit::kMeters;  ///< Of positions, by the definition of the format.
  SplitOrigin split_origin = SplitOrigin::kGiven;
  /// Sequences in natural order ("seq-2" before "seq-10"), and the frames of each in the order of time, or of their
  /// names where there is none.
  std::vector<Frame> frames;
  std::vector<Intrinsics> cameras;
  std::vector<Vector3> points_world_m;  ///< 3D points of the place, where the format has them.
  /// What the reader decided or left out, one sentence each, for people.
  std::vector<std::string> remarks;
};

/// The poses of one split, in order.
std::vector<RigidPose> PosesOf(const Scene& scene, Split split);

/// What `defect` is, for messages: "a left-handed rotation matrix".
std::string_view DefectName(RotationDefect defect);

/// Whether every rotation was one as it was read. For those who learn from a scene: what was made of a broken rotation
/// is a guess. Errors: kCorruptData naming the first frame whose rotation was not, where it was read and what is wrong.
Result<void> RequireSoundRotations(const Scene& scene);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_SCENE_H_

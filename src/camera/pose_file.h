// SPDX-License-Identifier: Apache-2.0
// Poses by name, without photos: what methods write as their answers, and ground truths in the same shapes.
#ifndef POSENET_CAMERA_POSE_FILE_H_
#define POSENET_CAMERA_POSE_FILE_H_

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "camera/metrics.h"
#include "camera/rigid_pose.h"
#include "camera/scene.h"

namespace posenet::camera {

/// The shapes of pose files.
enum class PoseFileKind {
  kList,  ///< "name qw qx qy qz tx ty tz ..." a line, world to camera: hloc's, ACE's and the benchmarks' results.
  kTum,   ///< "timestamp tx ty tz qx qy qz qw" a line, camera to world.
  kSevenScenes,  ///< A folder with a .pose.txt for each frame, camera to world.
};

/// A pose and what it is called.
struct NamedPose {
  std::string name = {};  ///< Of a list as it stands there; of a folder the file's path below it; or the time.
  std::optional<double> time_s = std::nullopt;  ///< Of TUM's.
  RigidPose world_from_cam = {};
  std::string origin = {};  ///< "file:line", for messages.
};

struct PoseFile {
  PoseFileKind kind = PoseFileKind::kList;
  std::vector<NamedPose> poses;  ///< In the file's order; names, or times, are unique. At least one.
};

/// Reads poses. A folder is 7-Scenes'; a file whose lines are eight numbers is TUM's if the last four are a unit
/// quaternion, and a list whose names are numbers if the second to fifth are. Quaternions must be of length 1, but for
/// rounding, and matrices must be rotations: what estimates them makes no other.
/// Errors: kNotFound, kIo; kCorruptData naming file and line.
Result<PoseFile> ReadPoseFile(const std::filesystem::path& path);

/// `poses` as a list, every digit kept. Names have no spaces in them.
std::string FormatPoseList(const std::vector<NamedPose>& poses);

/// A frame's name without what differs between formats: "./", the ending, and ".color", ".pose" or ".rgb" before it:
/// "seq-01/frame-000012" for "seq-01/frame-000012.color.png".
std::string_view FrameKey(std::string_view name);

/// The frames of `truth` beside the estimates of them.
struct Matches {
  std::vector<std::optional<RigidPose>> estimates;  ///< Parallel to `truth`; nothing where there is none.
  std::vector<std::string> unmatched;               ///< Names of estimates of frames that are not in `truth`.
};

/// Matches by name (by FrameKey); estimates of the kind kTum by time: each frame takes the nearest one, and none that
/// is farther than kMaxTimeDifferenceS. Precondition: `truth` is not empty. Errors: kCorruptData when two estimates are
/// of the same frame, or when not a single one matches.
Result<Matches> MatchEstimates(const std::vector<NamedPose>& truth, const PoseFile& estimates);

/// The test frames of a scene, as a truth to compare with.
std::vector<NamedPose> TestPoses(const Scene& scene);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_POSE_FILE_H_

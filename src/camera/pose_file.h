// SPDX-License-Identifier: Apache-2.0
// Files of named poses without photos: estimates of methods, and ground truths in the same formats.
#ifndef POSENET_CAMERA_POSE_FILE_H_
#define POSENET_CAMERA_POSE_FILE_H_

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "camera/rigid_pose.h"
#include "posenet/result.h"

namespace posenet::camera {

/// Formats of pose files.
enum class PoseFileKind {
  kList,  ///< "name qw qx qy qz tx ty tz ..." per line, world to camera: hloc's, ACE's and the benchmarks' results.
  kTum,   ///< "timestamp tx ty tz qx qy qz qw" per line, camera to world.
  kSevenScenes,  ///< A folder with a .pose.txt file for each frame, camera to world.
};

struct NamedPose {
  std::string name = {};  ///< As in a list; of a folder, the path in it; of a trajectory, the time.
  std::optional<double> time_s = std::nullopt;  ///< Of trajectories.
  RigidPose world_from_cam = {};
  std::string origin = {};  ///< "file:line", for messages.
  std::string image = {};   ///< Of a scene's frame: the path of its photo, by which estimates may name it, too.
};

struct PoseFile {
  PoseFileKind kind = PoseFileKind::kList;
  std::vector<NamedPose> poses;  ///< In the file's order; names, or times, are unique. At least one.
};

/// Reads poses. Folders are kSevenScenes. Files with eight numbers per line are kTum if the last four are a unit
/// quaternion, and lists with numbers as names if the second to fifth are. Rotations must be valid within rounding
/// (RotationDefect::kNone).
/// Errors: kNotFound, kIo; kCorruptData naming file and line.
Result<PoseFile> ReadPoseFile(const std::filesystem::path& path);

/// `poses` as a list, with enough digits to read the same numbers back. Names contain no white space.
std::string FormatPoseList(const std::vector<NamedPose>& poses);

/// A frame's name without the parts that differ between formats: "./", the extension, and ".color", ".pose" or ".rgb"
/// before it. "seq-01/frame-000012" for "seq-01/frame-000012.color.png".
std::string_view FrameKey(std::string_view name);

/// Estimates assigned to the frames of a ground truth.
struct Matches {
  std::vector<std::optional<RigidPose>> estimates;  ///< Parallel to the frames; nothing for frames without one.
  std::vector<std::string> unmatched;               ///< Names of the other estimates.
};

/// Matches estimates with frames by name (FrameKey), also that of NamedPose::image, or, for kTum, by time: each frame
/// gets the nearest estimate within kMaxTimeDifferenceS. Precondition: `truth` is not empty. Errors: kCorruptData when
/// two estimates are of the same frame, or none matches.
Result<Matches> MatchEstimates(const std::vector<NamedPose>& truth, const PoseFile& estimates);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_POSE_FILE_H_

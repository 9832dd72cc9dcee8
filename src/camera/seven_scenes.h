// SPDX-License-Identifier: Apache-2.0
// 7-Scenes: pose files and frame names, for reading and writing scenes.
#ifndef POSENET_CAMERA_SEVEN_SCENES_H_
#define POSENET_CAMERA_SEVEN_SCENES_H_

#include <filesystem>
#include <string>

#include "camera/format_readers.h"

namespace posenet::camera {

/// A pose file, `frame-000000.pose.txt`: 16 numbers, world_from_cam in row-major order, in meters.
/// Errors: those of ReadFile; kCorruptData naming file and line.
Result<CheckedPose> ReadSevenScenesPose(const std::filesystem::path& file);

/// The contents of a pose file, with enough digits to read the same numbers back.
std::string FormatSevenScenesPose(const RigidPose& world_from_cam);

/// "frame-000012", the common stem of the files of a frame.
std::string SevenScenesFrameName(int index);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_SEVEN_SCENES_H_

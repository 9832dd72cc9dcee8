// SPDX-License-Identifier: Apache-2.0
// Private to camera: a reader for each format, and what they share. Readers return the frames of the data in any order;
// ReadScene sorts them, checks that names are unique and photos exist, and holds out frames.
#ifndef POSENET_CAMERA_FORMAT_READERS_H_
#define POSENET_CAMERA_FORMAT_READERS_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "camera/scene.h"

namespace posenet::camera {

/// Scene::split_origin is kHeldOut when the data has no test split; all frames are kTrain then.
/// Errors: as ReadScene.
Result<Scene> ReadSevenScenes(const std::filesystem::path& folder);
Result<Scene> ReadCambridge(const std::filesystem::path& folder);
Result<Scene> ReadColmap(const std::filesystem::path& data);
Result<Scene> ReadNerf(const std::filesystem::path& data);
Result<Scene> ReadTum(const std::filesystem::path& folder);
Result<Scene> ReadCsv(const std::filesystem::path& folder_or_file);

/// Whether `data` looks like the format, by the names of its files.
bool LooksLikeSevenScenes(const std::filesystem::path& data);
bool LooksLikeCambridge(const std::filesystem::path& data);
bool LooksLikeColmap(const std::filesystem::path& data);
bool LooksLikeNerf(const std::filesystem::path& data);
bool LooksLikeTum(const std::filesystem::path& data);
bool LooksLikeCsv(const std::filesystem::path& data);

/// Whether `path` is a regular file.
bool IsFile(const std::filesystem::path& path);
bool IsFolder(const std::filesystem::path& path);

/// Sets the rotation of `frame` and its defect.
void SetRotation(const CheckedRotation& world_from_cam, Frame& frame);

/// The folder in a frame's name, which is its sequence in formats without another notion of one.
std::string FolderOf(std::string_view name);

/// A pose with a repaired rotation.
struct CheckedPose {
  CheckedRotation rotation;
  Vector3 translation_m;
};
/// The pose in a 4x4 matrix in row-major order, with the rows "R t" and "0 0 0 1".
/// Errors: those of CheckMatrix; kCorruptData for another last row.
Result<CheckedPose> CheckPoseMatrix(const std::array<double, 16>& matrix);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_FORMAT_READERS_H_

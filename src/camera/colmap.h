// SPDX-License-Identifier: Apache-2.0
// Private to camera: a COLMAP model as in its files, before it becomes a scene.
#ifndef POSENET_CAMERA_COLMAP_H_
#define POSENET_CAMERA_COLMAP_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "camera/scene.h"

namespace posenet::camera::colmap {

/// An image and its pose, which COLMAP stores as cam_from_world.
struct PosedImage {
  std::string name;
  CheckedRotation cam_from_world;
  Vector3 translation_m;
  std::uint32_t camera_id = 0;
  std::vector<std::uint64_t> point_ids;  ///< The 3D points of its features.
  std::string origin;
};

/// The contents of cameras, images and points3D; the last file is optional.
struct Model {
  std::unordered_map<std::uint32_t, Intrinsics> cameras;
  std::vector<PosedImage> images;
  std::unordered_map<std::uint64_t, Vector3> points_m;
  bool has_points = false;
};

/// A camera model of COLMAP. Its first parameters are one focal length, or two (x and y), and the principal point.
struct CameraModel {
  int id;
  std::string_view name;
  std::size_t parameter_count;
  bool has_two_focal_lengths;
};
/// Null for unknown ids and names. Source: COLMAP, sensor/models.h.
const CameraModel* FindCameraModel(int id);
const CameraModel* FindCameraModel(std::string_view name);

/// Errors: kCorruptData unless the size is at least 1 x 1, all parameters are finite and the focal lengths are above 0.
Result<Intrinsics> MakeIntrinsics(const CameraModel& model, std::uint64_t width_px, std::uint64_t height_px,
                                  std::span<const double> parameters);

/// Read the files of a model in `folder`. Counts in a file are checked against its length before anything is allocated.
/// Errors: those of reading files; kCorruptData naming file and line, or byte.
Result<Model> ReadText(const std::filesystem::path& folder);
Result<Model> ReadBinary(const std::filesystem::path& folder);

/// The id of features without a 3D point.
inline constexpr std::uint64_t kNoPoint = UINT64_MAX;

}  // namespace posenet::camera::colmap

#endif  // POSENET_CAMERA_COLMAP_H_

// SPDX-License-Identifier: Apache-2.0
// Inside camera: a COLMAP model as its files have it, before it becomes a scene.
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

/// An image and its pose, which COLMAP writes as cam_from_world.
struct PosedImage {
  std::string name;
  CheckedRotation cam_from_world;
  Vector3 translation_m;
  std::uint32_t camera_id = 0;
  std::vector<std::uint64_t> point_ids;  ///< Of the features that have a 3D point.
  std::string origin;
};

/// The content of cameras, images and points3D; the last is empty where the file is not there.
struct Model {
  std::unordered_map<std::uint32_t, Intrinsics> cameras;
  std::vector<PosedImage> images;
  std::unordered_map<std::uint64_t, Vector3> points_m;
  bool has_points = false;
};

/// A camera model of COLMAP: how many parameters it has, and whether the first two are focal lengths in x and y (else
/// the first is both). The principal point follows.
struct CameraModel {
  int id;
  std::string_view name;
  std::size_t parameter_count;
  bool has_two_focal_lengths;
};
/// Null when there is none of that id or name. Source: COLMAP, sensor/models.h.
const CameraModel* FindCameraModel(int id);
const CameraModel* FindCameraModel(std::string_view name);

/// Errors: kCorruptData unless the size is at least 1 x 1 and all parameters are finite, the focal lengths above 0.
Result<Intrinsics> MakeIntrinsics(const CameraModel& model, std::uint64_t width_px, std::uint64_t height_px,
                                  std::span<const double> parameters);

/// Each reads the three files of a model from `folder`. Sizes that a file claims are compared with its length before
/// anything is allocated. Errors: those of files; kCorruptData naming file and line, or byte.
Result<Model> ReadText(const std::filesystem::path& folder);
Result<Model> ReadBinary(const std::filesystem::path& folder);

/// The id of features without a 3D point.
inline constexpr std::uint64_t kNoPoint = UINT64_MAX;

}  // namespace posenet::camera::colmap

#endif  // POSENET_CAMERA_COLMAP_H_

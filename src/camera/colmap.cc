// SPDX-License-Identifier: Apache-2.0
// COLMAP models as scenes. Poses in the files are cam_from_world with OpenCV's axes. Source: COLMAP's documentation,
// https://colmap.github.io/format.html
#include "camera/colmap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "camera/format_readers.h"

namespace posenet::camera {
namespace colmap {
namespace {

constexpr std::array kCameraModels = {
    CameraModel{0, "SIMPLE_PINHOLE", 3, false},
    CameraModel{1, "PINHOLE", 4, true},
    CameraModel{2, "SIMPLE_RADIAL", 4, false},
    CameraModel{3, "RADIAL", 5, false},
    CameraModel{4, "OPENCV", 8, true},
    CameraModel{5, "OPENCV_FISHEYE", 8, true},
    CameraModel{6, "FULL_OPENCV", 12, true},
    CameraModel{7, "FOV", 5, true},
    CameraModel{8, "SIMPLE_RADIAL_FISHEYE", 4, false},
    CameraModel{9, "RADIAL_FISHEYE", 5, false},
    CameraModel{10, "THIN_PRISM_FISHEYE", 12, true},
    CameraModel{11, "RAD_TAN_THIN_PRISM_FISHEYE", 16, true},
};

}  // namespace

const CameraModel* FindCameraModel(int id) {
  const auto* found = std::ranges::find(kCameraModels, id, &CameraModel::id);
  return found == kCameraModels.end() ? nullptr : found;
}

const CameraModel* FindCameraModel(std::string_view name) {
  const auto* found = std::ranges::find(kCameraModels, name, &CameraModel::name);
  return found == kCameraModels.end() ? nullptr : found;
}

Result<Intrinsics> MakeIntrinsics(const CameraModel& model, std::uint64_t width_px, std::uint64_t height_px,
                                  std::span<const double> parameters) {
  constexpr std::uint64_t kMaxSidePx = 1'000'000;
  if (width_px < 1 || height_px < 1 || width_px > kMaxSidePx || height_px > kMaxSidePx) {
    return base::Fail(ErrorCode::kCorruptData, "expected an image of 1 to ", kMaxSidePx, " pixels a side, got ",
                      width_px, " x ", height_px);
  }
  const std::size_t center = model.has_two_focal_lengths ? 2 : 1;
  const Intrinsics camera = {.width_px = static_cast<int>(width_px),
                             .height_px = static_cast<int>(height_px),
                             .focal_x_px = parameters[0],
                             .focal_y_px = parameters[center - 1],
                             .center_x_px = parameters[center],
                             .center_y_px = parameters[center + 1]};
  const bool is_finite = std::ranges::all_of(parameters, [](double number) { return std::isfinite(number); });
  if (!is_finite || camera.focal_x_px <= 0.0 || camera.focal_y_px <= 0.0) {
    return base::Fail(ErrorCode::kCorruptData, "expected finite camera parameters and focal lengths above 0");
  }
  return camera;
}

}  // namespace colmap

namespace {

namespace fs = std::filesystem;

bool HasModel(const fs::path& folder, const char* ending) {
  return IsFile(folder / base::StrCat("cameras", ending)) && IsFile(folder / base::StrCat("images", ending));
}

// The folder of the model below `data`; empty if there is none.
fs::path ModelFolder(const fs::path& data) {
  for (const char* const below : {".", "sparse/0", "sparse", "colmap/sparse/0"}) {
    fs::path folder = (data / below).lexically_normal();
    if (HasModel(folder, ".bin") || HasModel(folder, ".txt")) return folder;
  }
  return {};
}

// The folder that image names are relative to: the one that contains the first image.
fs::path ImageFolder(const fs::path& data, const fs::path& model, const std::string& first_name) {
  for (const fs::path& folder :
       {data / "images", data, model / "images", model, model.parent_path() / "images", model.parent_path(),
        model.parent_path().parent_path() / "images", model.parent_path().parent_path()}) {
    if (IsFile(folder / first_name)) return folder;
  }
  return data / "images";
}

using IndexOf = std::unordered_map<std::uint32_t, std::size_t>;

// Adds cameras in the order of their ids; returns their indices by id.
IndexOf TakeCameras(const colmap::Model& model, Scene& scene) {
  std::vector<std::uint32_t> ids;
  for (const auto& [id, camera] : model.cameras) ids.push_back(id);
  std::ranges::sort(ids);
  IndexOf index_of;
  for (const std::uint32_t id : ids) {
    index_of[id] = scene.cameras.size();
    scene.cameras.push_back(model.cameras.at(id));
  }
  return index_of;
}

// Adds points in the order of their ids; returns their indices by id.
std::unordered_map<std::uint64_t, std::uint32_t> TakePoints(const colmap::Model& model, Scene& scene) {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, point] : model.points_m) ids.push_back(id);
  std::ranges::sort(ids);
  std::unordered_map<std::uint64_t, std::uint32_t> index_of;
  for (const std::uint64_t id : ids) {
    index_of[id] = static_cast<std::uint32_t>(scene.points_world_m.size());
    scene.points_world_m.push_back(model.points_m.at(id));
  }
  return index_of;
}

Result<Frame> ToFrame(colmap::PosedImage& image, const fs::path& images, const IndexOf& camera_of) {
  const auto camera = camera_of.find(image.camera_id);
  if (camera == camera_of.end()) {
    return base::Fail(ErrorCode::kCorruptData, image.origin, ": refers to camera ", image.camera_id,
                      ", which is not in cameras");
  }
  const RigidPose cam_from_world = {image.cam_from_world.rotation, image.translation_m};
  Frame frame = {.name = image.name,
                 .image = images / image.name,
                 .world_from_cam = Inverse(cam_from_world),
                 .sequence = FolderOf(image.name),
                 .camera = camera->second,
                 .defect = image.cam_from_world.defect,
                 .defect_amount = image.cam_from_world.amount,
                 .origin = std::move(image.origin)};
  frame.world_from_cam.rotation = InHemisphere(frame.world_from_cam.rotation);
  return frame;
}

Result<void> AddPoints(const colmap::PosedImage& image,
                       const std::unordered_map<std::uint64_t, std::uint32_t>& index_of, Frame& frame) {
  for (const std::uint64_t id : image.point_ids) {
    const auto point = index_of.find(id);
    if (point == index_of.end()) {
      return base::Fail(ErrorCode::kCorruptData, frame.origin, ": refers to point ", id, ", which is not in points3D");
    }
    frame.points.push_back(point->second);
  }
  std::ranges::sort(frame.points);
  frame.points.erase(std::unique(frame.points.begin(), frame.points.end()), frame.points.end());
  return {};
}

}  // namespace

bool LooksLikeColmap(const fs::path& data) { return !ModelFolder(data).empty(); }

Result<Scene> ReadColmap(const fs::path& data) {
  const fs::path folder = ModelFolder(data);
  const std::string name = base::Printable(data.native(), 400);
  if (folder.empty()) {
    return base::Fail(ErrorCode::kNotFound, name,
                      ": expected a COLMAP model, cameras and images as .bin or .txt, here or below sparse/0");
  }
  POSENET_ASSIGN_OR_RETURN(colmap::Model model,
                           HasModel(folder, ".bin") ? colmap::ReadBinary(folder) : colmap::ReadText(folder));
  if (model.images.empty())
    return base::Fail(ErrorCode::kCorruptData, name, ": expected images in the COLMAP model; found none");
  Scene scene;
  scene.units = LengthUnit::kArbitrary;
  scene.split_origin = SplitOrigin::kHeldOut;
  if (!model.has_points) scene.remarks.emplace_back("the COLMAP model has no points3D");
  const IndexOf camera_of = TakeCameras(model, scene);
  const auto point_of = TakePoints(model, scene);
  const fs::path images = ImageFolder(data, folder, model.images.front().name);
  for (colmap::PosedImage& image : model.images) {
    POSENET_ASSIGN_OR_RETURN(Frame frame, ToFrame(image, images, camera_of));
    if (model.has_points) POSENET_RETURN_IF_ERROR(AddPoints(image, point_of, frame));
    scene.frames.push_back(std::move(frame));
  }
  return scene;
}

}  // namespace posenet::camera

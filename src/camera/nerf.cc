// SPDX-License-Identifier: Apache-2.0
// NeRF's transforms.json: for each photo a 4x4 matrix from camera to world with OpenGL's axes (x right, y up, the
// camera looks along -z), converted here to OpenCV's. Also the original triple transforms_train, _val and _test.json.
// Source: Mildenhall et al., NeRF, ECCV 2020, the authors' code; instant-ngp and nerfstudio for intrinsics and splits.
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "camera/format_readers.h"
#include "model/json_reader.h"

namespace posenet::camera {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWholeFile = "transforms.json";
constexpr const char* kTrainTransforms = "transforms_train.json";
constexpr const char* kTestTransforms = "transforms_test.json";
constexpr std::size_t kMaxTransformsBytes = std::size_t{256} << 20;
constexpr std::size_t kMaxFrames = 1'000'000;

// The image of a frame; the original files omit its extension.
fs::path ImageOf(const fs::path& folder, const std::string& file_path) {
  fs::path given = (folder / file_path).lexically_normal();
  for (const char* const ending : {"", ".png", ".jpg", ".jpeg"}) {
    fs::path image = given;
    image += ending;
    if (IsFile(image)) return image;
  }
  return given;
}

std::array<double, 16> ReadMatrix(const model::JsonNode& node) {
  std::array<double, 16> matrix = {};
  if (node.ArraySize(4, 4) != 4) return matrix;
  for (std::size_t row = 0; row < 4; ++row) {
    const model::JsonNode numbers = node.Element(row);
    if (numbers.ArraySize(4, 4) != 4) return matrix;
    for (std::size_t column = 0; column < 4; ++column) matrix[4 * row + column] = numbers.Element(column).Double();
  }
  return matrix;
}

// From w and h with fl_x and so on, or with camera_angle_x; nothing if the file has neither.
std::optional<Intrinsics> ReadIntrinsics(const model::JsonNode& node) {
  if (!node.Has("w") || !node.Has("h") || !(node.Has("fl_x") || node.Has("camera_angle_x"))) return std::nullopt;
  constexpr double kMaxSidePx = 1e6;
  Intrinsics camera;
  const double width_px = node.Member("w").Double();
  const double height_px = node.Member("h").Double();
  if (!(width_px >= 1.0 && height_px >= 1.0 && width_px <= kMaxSidePx && height_px <= kMaxSidePx)) {
    node.Member("w").Expected("an image of 1 to 1000000 pixels a side");
    return std::nullopt;
  }
  camera.width_px = static_cast<int>(width_px);
  camera.height_px = static_cast<int>(height_px);
  camera.focal_x_px = node.Has("fl_x") ? node.Member("fl_x").Double()
                                       : width_px / 2.0 / std::tan(node.Member("camera_angle_x").Double() / 2.0);
  camera.focal_y_px = node.Has("fl_y") ? node.Member("fl_y").Double() : camera.focal_x_px;
  camera.center_x_px = node.Has("cx") ? node.Member("cx").Double() : width_px / 2.0;
  camera.center_y_px = node.Has("cy") ? node.Member("cy").Double() : height_px / 2.0;
  if (!(camera.focal_x_px > 0.0 && camera.focal_y_px > 0.0)) {
    node.Member(node.Has("fl_x") ? "fl_x" : "camera_angle_x").Expected("a focal length above 0");
    return std::nullopt;
  }
  return camera;
}

// The names in a list such as "test_filenames" of nerfstudio.
std::set<std::string> ReadNames(const model::JsonNode& root, std::string_view key) {
  std::set<std::string> names;
  if (!root.Has(key)) return names;
  const model::JsonNode list = root.Member(key);
  const std::size_t count = list.ArraySize(0, kMaxFrames);
  for (std::size_t i = 0; i < count; ++i) names.insert(list.Element(i).String());
  return names;
}

class TransformsReader {
 public:
  // `error` is that of the document, which the caller checks after reading.
  TransformsReader(const fs::path& file, const model::JsonNode& root, const std::optional<Error>& error, Scene& scene)
      : file_(file), root_(root), error_(error), scene_(scene) {}

  // Reads all frames into `split`, except that those in test_filenames are for testing.
  Result<void> Read(Split split) {
    const std::set<std::string> test_names = ReadNames(root_, "test_filenames");
    if (!test_names.empty()) scene_.split_origin = SplitOrigin::kGiven;
    shared_camera_ = AddCamera(root_);
    const model::JsonNode frames = root_.Member("frames");
    const std::size_t count = frames.ArraySize(1, kMaxFrames);
    for (std::size_t i = 0; i < count; ++i) {
      POSENET_ASSIGN_OR_RETURN(Frame frame, ReadFrame(frames.Element(i), i));
      frame.split = test_names.contains(frame.name) ? Split::kTest : split;
      scene_.frames.push_back(std::move(frame));
    }
    return {};
  }

 private:
  std::optional<std::size_t> AddCamera(const model::JsonNode& node) {
    const std::optional<Intrinsics> camera = ReadIntrinsics(node);
    if (!camera) return std::nullopt;
    scene_.cameras.push_back(*camera);
    return scene_.cameras.size() - 1;
  }

  Result<Frame> ReadFrame(const model::JsonNode& node, std::size_t index) {
    Frame frame;
    frame.origin = base::StrCat(base::Printable(file_.native(), 400), ": frames[", index, "]");
    frame.name = node.Member("file_path").String();
    frame.image = ImageOf(file_.parent_path(), frame.name);
    frame.sequence = FolderOf(frame.name);
    frame.camera = node.Has("fl_x") ? AddCamera(node) : shared_camera_;
    std::array<double, 16> matrix = ReadMatrix(node.Member("transform_matrix"));
    if (error_) return frame;
    // From OpenGL's camera axes to OpenCV's: y and z change sign.
    for (const std::size_t element : {1, 2, 5, 6, 9, 10}) matrix[element] = -matrix[element];
    const Result<CheckedPose> pose = CheckPoseMatrix(matrix);
    if (!pose.has_value()) return base::FailIn(pose.error(), frame.origin);
    frame.world_from_cam.translation_m = pose->translation_m;
    SetRotation(pose->rotation, frame);
    return frame;
  }

  const fs::path& file_;
  const model::JsonNode& root_;
  const std::optional<Error>& error_;
  Scene& scene_;
  std::optional<std::size_t> shared_camera_;
};

Result<void> ReadTransforms(const fs::path& file, Split split, Scene& scene) {
  const std::string name = base::Printable(file.native(), 400);
  POSENET_ASSIGN_OR_RETURN(const std::vector<std::byte> bytes, base::ReadFile(file, kMaxTransformsBytes));
  const auto document = model::ParseStrictJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!document.has_value()) return base::FailIn(document.error(), name);
  std::optional<Error> error;
  const model::JsonNode root(*document, error);
  auto read = TransformsReader(file, root, error, scene).Read(split);
  if (error) return base::FailIn(*error, name);
  return read;
}

}  // namespace

bool LooksLikeNerf(const fs::path& data) {
  if (IsFile(data)) return data.extension() == ".json";
  return IsFile(data / kWholeFile) || IsFile(data / kTrainTransforms);
}

Result<Scene> ReadNerf(const fs::path& data) {
  Scene scene;
  scene.units = LengthUnit::kArbitrary;
  scene.split_origin = SplitOrigin::kHeldOut;
  const bool is_triple = IsFolder(data) && IsFile(data / kTrainTransforms) && !IsFile(data / kWholeFile);
  if (!is_triple) {
    POSENET_RETURN_IF_ERROR(ReadTransforms(IsFolder(data) ? data / kWholeFile : data, Split::kTrain, scene));
    return scene;
  }
  POSENET_RETURN_IF_ERROR(ReadTransforms(data / kTrainTransforms, Split::kTrain, scene));
  if (IsFile(data / kTestTransforms)) {
    scene.split_origin = SplitOrigin::kGiven;
    POSENET_RETURN_IF_ERROR(ReadTransforms(data / kTestTransforms, Split::kTest, scene));
  }
  if (IsFile(data / "transforms_val.json")) scene.remarks.emplace_back("transforms_val.json was left out");
  return scene;
}

}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
#include "camera/scene_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <system_error>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/natural_order.h"
#include "camera/format_readers.h"
#include "camera/holdout.h"

namespace posenet::camera {
namespace {

namespace fs = std::filesystem;

struct FormatReader {
  SceneFormat format;
  bool (*looks_like)(const fs::path& data);
  Result<Scene> (*read)(const fs::path& data);
};

constexpr std::array kReaders = {
    FormatReader{SceneFormat::kSevenScenes, LooksLikeSevenScenes, ReadSevenScenes},
    FormatReader{SceneFormat::kCambridge, LooksLikeCambridge, ReadCambridge},
    FormatReader{SceneFormat::kColmap, LooksLikeColmap, ReadColmap},
    FormatReader{SceneFormat::kNerf, LooksLikeNerf, ReadNerf},
    FormatReader{SceneFormat::kTum, LooksLikeTum, ReadTum},
    FormatReader{SceneFormat::kCsv, LooksLikeCsv, ReadCsv},
};

constexpr std::string_view kExpectedFormats =
    "expected 7-Scenes (seq-01/frame-000000.pose.txt), Cambridge Landmarks (dataset_train.txt), a COLMAP model "
    "(cameras, images .bin or .txt; also below sparse/0), NeRF (transforms.json), TUM RGB-D (groundtruth.txt, rgb.txt) "
    "or CSV (poses.csv)";

Result<void> CheckNames(const Scene& scene) {
  std::unordered_map<std::string_view, const Frame*> frames;
  for (const Frame& frame : scene.frames) {
    const auto [first, is_new] = frames.emplace(frame.name, &frame);
    if (is_new) continue;
    return base::Fail(ErrorCode::kCorruptData, frame.origin, ": '", base::Printable(frame.name),
                      "' is listed twice, first at ", first->second->origin);
  }
  return {};
}

Result<void> CheckPhotos(const Scene& scene) {
  for (const Frame& frame : scene.frames) {
    if (IsFile(frame.image)) continue;
    return base::Fail(ErrorCode::kNotFound, frame.origin, ": expected the image ",
                      base::Printable(frame.image.native(), 400), ", which does not exist");
  }
  return {};
}

bool FrameLess(const Frame& a, const Frame& b) {
  if (a.sequence != b.sequence) return base::NaturalLess(a.sequence, b.sequence);
  if (a.time_s && b.time_s && *a.time_s != *b.time_s) return *a.time_s < *b.time_s;
  return base::NaturalLess(a.name, b.name);
}

// A sequence is ordered by time only if all of its frames have one.
void DropPartialTimes(Scene& scene) {
  std::unordered_map<std::string, bool> has_all;
  for (const Frame& frame : scene.frames) {
    bool& all = has_all.try_emplace(frame.sequence, true).first->second;
    all = all && frame.time_s.has_value();
  }
  for (Frame& frame : scene.frames) {
    if (!has_all[frame.sequence]) frame.time_s.reset();
  }
}

Result<void> CheckSplits(const Scene& scene, const fs::path& data) {
  const auto test_count = std::ranges::count(scene.frames, Split::kTest, &Frame::split);
  const bool has_training = test_count < std::ssize(scene.frames);
  if (test_count > 0 && has_training) return {};
  return base::Fail(ErrorCode::kCorruptData, base::Printable(data.native(), 400),
                    ": expected frames for training and for testing, got ",
                    scene.frames.size() - static_cast<std::size_t>(test_count), " and ", test_count);
}

}  // namespace

bool IsFile(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool IsFolder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

void SetRotation(const CheckedRotation& world_from_cam, Frame& frame) {
  frame.world_from_cam.rotation = world_from_cam.rotation;
  frame.defect = world_from_cam.defect;
  frame.defect_amount = world_from_cam.amount;
}

std::string FolderOf(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return std::string(name.substr(0, slash == std::string_view::npos ? 0 : slash));
}

Result<CheckedPose> CheckPoseMatrix(const std::array<double, 16>& m) {
  constexpr double kRounding = 1e-6;
  if (std::abs(m[12]) > kRounding || std::abs(m[13]) > kRounding || std::abs(m[14]) > kRounding ||
      std::abs(m[15] - 1.0) > kRounding) {
    return base::Fail(ErrorCode::kCorruptData, "expected 0 0 0 1 as the last row of the pose, got ", m[12], " ", m[13],
                      " ", m[14], " ", m[15]);
  }
  POSENET_ASSIGN_OR_RETURN(const CheckedRotation rotation,
                           CheckMatrix({m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]}));
  return CheckedPose{.rotation = rotation, .translation_m = {m[3], m[7], m[11]}};
}

Result<SceneFormat> RecognizeFormat(const fs::path& data) {
  const std::string name = base::Printable(data.native(), 400);
  if (!IsFolder(data) && !IsFile(data)) {
    return base::Fail(ErrorCode::kNotFound, name, ": no such folder; ", kExpectedFormats);
  }
  std::optional<SceneFormat> found;
  for (const FormatReader& reader : kReaders) {
    if (!reader.looks_like(data)) continue;
    if (found) {
      return base::Fail(ErrorCode::kUnsupported, name, ": looks like two formats, ", FormatName(*found), " and ",
                        FormatName(reader.format), "; choose one of them explicitly");
    }
    found = reader.format;
  }
  if (!found) return base::Fail(ErrorCode::kUnsupported, name, ": not a scene; ", kExpectedFormats);
  return *found;
}

Result<Scene> ReadScene(const fs::path& data, const ReadSceneOptions& options) {
  SceneFormat format = SceneFormat::kSevenScenes;
  if (options.format) {
    format = *options.format;
  } else {
    POSENET_ASSIGN_OR_RETURN(format, RecognizeFormat(data));
  }
  POSENET_ASSIGN_OR_RETURN(Scene scene, std::ranges::find(kReaders, format, &FormatReader::format)->read(data));
  scene.format = format;
  POSENET_RETURN_IF_ERROR(CheckNames(scene));
  if (options.photos == Photos::kRequired) POSENET_RETURN_IF_ERROR(CheckPhotos(scene));
  DropPartialTimes(scene);
  std::ranges::sort(scene.frames, FrameLess);
  if (scene.split_origin == SplitOrigin::kHeldOut) {
    const auto held_out = HoldOutBlocks(options.holdout.value_or(kDefaultHoldout), scene);
    if (!held_out.has_value()) return base::FailIn(held_out.error(), base::Printable(data.native(), 400));
  } else if (options.holdout) {
    return base::Fail(ErrorCode::kInvalidArgument, base::Printable(data.native(), 400),
                      ": has a test split; a holdout share is only for data without one");
  }
  POSENET_RETURN_IF_ERROR(CheckSplits(scene, data));
  return scene;
}

}  // namespace posenet::camera

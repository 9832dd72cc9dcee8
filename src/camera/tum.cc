// SPDX-License-Identifier: Apache-2.0
// TUM RGB-D: groundtruth.txt, "timestamp tx ty tz qx qy qz qw" from camera to world, and rgb.txt, "timestamp file";
// each image gets the pose nearest in time, as in the benchmark's associate.py.
// Source: Sturm et al., A Benchmark for the Evaluation of RGB-D SLAM Systems, IROS 2012, and its file formats page.
#include "camera/tum.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "camera/format_readers.h"
#include "camera/text_file.h"

namespace posenet::camera {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPosesFile = "groundtruth.txt";
constexpr const char* kImagesFile = "rgb.txt";

Result<TimedPose> ReadTimedPose(const TextFile& text, const TextLine& line) {
  const std::vector<std::string_view> fields = Fields(line.text);
  std::array<double, 8> n = {};
  if (fields.size() != n.size()) {
    return text.Corrupt(line, "expected 8 numbers, 'timestamp tx ty tz qx qy qz qw', got ",
                        base::Counted(fields.size(), "field"));
  }
  const auto parsed = ParseNumbers(fields, n);
  if (!parsed.has_value()) return base::FailIn(parsed.error(), text.Place(line.number));
  const Result<CheckedRotation> rotation = CheckQuaternion({n[7], n[4], n[5], n[6]});
  if (!rotation.has_value()) return base::FailIn(rotation.error(), text.Place(line.number));
  return TimedPose{
      .time_s = n[0], .rotation = *rotation, .center_m = {n[1], n[2], n[3]}, .origin = text.Place(line.number)};
}

Result<Frame> ReadImage(const fs::path& folder, const TextFile& text, const TextLine& line) {
  const std::vector<std::string_view> fields = Fields(line.text);
  if (fields.size() != 2) return text.Corrupt(line, "expected 2 fields, 'timestamp file', got ", fields.size());
  const Result<double> time_s = ParseNumber(fields[0]);
  if (!time_s.has_value()) return base::FailIn(time_s.error(), text.Place(line.number));
  return Frame{.name = std::string(fields[1]),
               .image = folder / fields[1],
               .world_from_cam = {},
               .time_s = *time_s,
               .origin = text.Place(line.number)};
}

}  // namespace

Result<std::vector<TimedPose>> ReadTumPoses(const fs::path& file) {
  POSENET_ASSIGN_OR_RETURN(const TextFile text, TextFile::Read(file));
  std::vector<TimedPose> poses;
  for (const TextLine& line : text.ContentLines()) {
    POSENET_ASSIGN_OR_RETURN(TimedPose pose, ReadTimedPose(text, line));
    if (!poses.empty() && !(pose.time_s > poses.back().time_s)) {
      return text.Corrupt(line, "expected times that increase from line to line");
    }
    poses.push_back(std::move(pose));
  }
  if (poses.empty())
    return base::Fail(ErrorCode::kCorruptData, text.Place(0), ": expected poses, one per line; found none");
  return poses;
}

const TimedPose* NearestInTime(const std::vector<TimedPose>& poses, double time_s) {
  const auto after = std::ranges::lower_bound(poses, time_s, {}, &TimedPose::time_s);
  const TimedPose* nearest = nullptr;
  double least_s = kMaxTimeDifferenceS;
  for (const auto candidate : {after == poses.begin() ? after : after - 1, after}) {
    if (candidate == poses.end()) continue;
    const double difference_s = std::abs(candidate->time_s - time_s);
    if (difference_s > least_s) continue;
    least_s = difference_s;
    nearest = &*candidate;
  }
  return nearest;
}

bool LooksLikeTum(const fs::path& data) { return IsFile(data / kPosesFile) && IsFile(data / kImagesFile); }

Result<Scene> ReadTum(const fs::path& folder) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<TimedPose> poses, ReadTumPoses(folder / kPosesFile));
  POSENET_ASSIGN_OR_RETURN(const TextFile images, TextFile::Read(folder / kImagesFile));
  Scene scene;
  scene.split_origin = SplitOrigin::kHeldOut;
  std::size_t unposed = 0;
  for (const TextLine& line : images.ContentLines()) {
    POSENET_ASSIGN_OR_RETURN(Frame frame, ReadImage(folder, images, line));
    const TimedPose* pose = NearestInTime(poses, *frame.time_s);
    if (pose == nullptr) {
      ++unposed;
      continue;
    }
    frame.world_from_cam.translation_m = pose->center_m;
    frame.origin = base::StrCat(frame.origin, " (pose: ", pose->origin, ")");
    SetRotation(pose->rotation, frame);
    scene.frames.push_back(std::move(frame));
  }
  if (scene.frames.empty()) {
    return base::Fail(ErrorCode::kCorruptData, images.Place(0), ": expected images with a pose in ", kPosesFile,
                      " within ", kMaxTimeDifferenceS, " s; ", unposed == 0 ? "it lists no images" : "none has one");
  }
  if (unposed > 0) {
    scene.remarks.push_back(base::StrCat(unposed, " of ", unposed + scene.frames.size(), " images of ", kImagesFile,
                                         " have no pose within ", kMaxTimeDifferenceS, " s and were left out"));
  }
  return scene;
}

}  // namespace posenet::camera

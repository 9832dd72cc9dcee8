// SPDX-License-Identifier: Apache-2.0
#include "camera/pose_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "camera/seven_scenes.h"
#include "camera/text_file.h"
#include "camera/tum.h"

namespace posenet::camera {
namespace {

namespace fs = std::filesystem;

// A name, a quaternion and a translation. More fields (focal length, errors, inliers) differ between tools.
constexpr std::size_t kListFields = 8;

// The shortest text that reads back as the same number.
std::string NumberText(double number) {
  std::array<char, 40> buffer = {};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end};
}

Result<Quaternion> SoundRotation(const CheckedRotation& checked) {
  if (checked.defect == RotationDefect::kNone) return checked.rotation;
  return base::Fail(ErrorCode::kCorruptData, "expected a rotation, got ", DefectName(checked.defect), " (",
                    checked.amount, ")");
}

bool IsUnit(std::span<const std::string_view> fields) {
  double sum = 0.0;
  for (const std::string_view field : fields) {
    const Result<double> number = ParseNumber(field);
    if (!number.has_value()) return false;
    sum += *number * *number;
  }
  return std::abs(std::sqrt(sum) - 1.0) < 0.01;
}

// Whether all lines are eight numbers that are a trajectory rather than a list with numbers as names.
bool IsTum(const std::vector<TextLine>& lines) {
  std::size_t tum = 0;
  std::size_t list = 0;
  for (const TextLine& line : lines) {
    const std::vector<std::string_view> fields = Fields(line.text);
    if (fields.size() != 8 || !LooksLikeNumber(fields[0])) return false;
    tum += IsUnit(std::span(fields).subspan(4, 4)) ? 1 : 0;
    list += IsUnit(std::span(fields).subspan(1, 4)) ? 1 : 0;
  }
  return tum >= list;
}

Result<NamedPose> ReadListLine(const TextFile& text, const TextLine& line) {
  const std::vector<std::string_view> fields = Fields(line.text);
  if (fields.size() < kListFields) {
    return text.Corrupt(line, "expected 'name qw qx qy qz tx ty tz', got ", base::Counted(fields.size(), "field"));
  }
  std::array<double, 7> n = {};
  const auto parsed = ParseNumbers(std::span(fields).subspan(1), n);
  if (!parsed.has_value()) return base::FailIn(parsed.error(), text.Place(line.number));
  const Result<CheckedRotation> checked = CheckQuaternion({n[0], n[1], n[2], n[3]});
  if (!checked.has_value()) return base::FailIn(checked.error(), text.Place(line.number));
  const Result<Quaternion> cam_from_world = SoundRotation(*checked);
  if (!cam_from_world.has_value()) return base::FailIn(cam_from_world.error(), text.Place(line.number));
  return NamedPose{.name = std::string(fields[0]),
                   .time_s = std::nullopt,
                   .world_from_cam = Inverse(RigidPose{*cam_from_world, {n[4], n[5], n[6]}}),
                   .origin = text.Place(line.number)};
}

Result<PoseFile> ReadPoseList(const TextFile& text) {
  PoseFile file;
  for (const TextLine& line : text.ContentLines()) {
    POSENET_ASSIGN_OR_RETURN(NamedPose pose, ReadListLine(text, line));
    file.poses.push_back(std::move(pose));
  }
  return file;
}

Result<PoseFile> ReadTrajectory(const fs::path& path) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<TimedPose> timed, ReadTumPoses(path));
  PoseFile file = {.kind = PoseFileKind::kTum, .poses = {}};
  for (const TimedPose& pose : timed) {
    const Result<Quaternion> rotation = SoundRotation(pose.rotation);
    if (!rotation.has_value()) return base::FailIn(rotation.error(), pose.origin);
    file.poses.push_back({.name = NumberText(pose.time_s),
                          .time_s = pose.time_s,
                          .world_from_cam = {*rotation, pose.center_m},
                          .origin = pose.origin});
  }
  return file;
}

Result<PoseFile> ReadPoseFolder(const fs::path& folder) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<fs::path> paths, base::ListFiles(folder));
  PoseFile file = {.kind = PoseFileKind::kSevenScenes, .poses = {}};
  for (const fs::path& path : paths) {
    if (!path.native().ends_with(".pose.txt")) continue;
    const std::string origin = base::Printable(path.native(), 400);
    POSENET_ASSIGN_OR_RETURN(const CheckedPose pose, ReadSevenScenesPose(path));
    const Result<Quaternion> rotation = SoundRotation(pose.rotation);
    if (!rotation.has_value()) return base::FailIn(rotation.error(), origin);
    file.poses.push_back({.name = path.lexically_relative(folder).generic_string(),
                          .time_s = std::nullopt,
                          .world_from_cam = {*rotation, pose.translation_m},
                          .origin = origin});
  }
  return file;
}

Result<PoseFile> ReadAnyKind(const fs::path& path) {
  if (IsFolder(path)) return ReadPoseFolder(path);
  POSENET_ASSIGN_OR_RETURN(const TextFile text, TextFile::Read(path));
  const std::vector<TextLine> lines = text.ContentLines();
  return !lines.empty() && IsTum(lines) ? ReadTrajectory(path) : ReadPoseList(text);
}

Result<void> CheckUnique(const PoseFile& file) {
  std::unordered_map<std::string_view, const NamedPose*> seen;
  for (const NamedPose& pose : file.poses) {
    if (pose.time_s) continue;  // Times increase.
    const auto [first, is_new] = seen.emplace(FrameKey(pose.name), &pose);
    if (is_new) continue;
    return base::Fail(ErrorCode::kCorruptData, pose.origin, ": a second pose of '", base::Printable(pose.name),
                      "', after ", first->second->origin);
  }
  return {};
}

void AppendNumber(std::string& text, double number) { text.append(" ").append(NumberText(number)); }

using IndexOfKey = std::unordered_map<std::string_view, std::size_t>;

// For each estimate the index of its frame in `truth`.
std::vector<std::optional<std::size_t>> FramesByName(const std::vector<NamedPose>& truth,
                                                     const std::vector<NamedPose>& estimates) {
  IndexOfKey index;
  for (std::size_t i = 0; i < truth.size(); ++i) index.emplace(FrameKey(truth[i].name), i);
  // Names within the scene come first.
  for (std::size_t i = 0; i < truth.size(); ++i) index.emplace(FrameKey(truth[i].image), i);
  std::vector<std::optional<std::size_t>> frames;
  for (const NamedPose& estimate : estimates) {
    const auto found = index.find(FrameKey(estimate.name));
    frames.push_back(found == index.end() ? std::nullopt : std::optional(found->second));
  }
  return frames;
}

// The same by time: each frame gets the estimate nearest to it, because trajectories may have more poses than there are
// frames. Times of estimates increase.
std::vector<std::optional<std::size_t>> FramesByTime(const std::vector<NamedPose>& truth,
                                                     const std::vector<NamedPose>& estimates) {
  std::vector<std::optional<std::size_t>> frames(estimates.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (!truth[i].time_s) continue;
    const double time_s = *truth[i].time_s;
    auto next = std::ranges::lower_bound(estimates, time_s, {}, [](const NamedPose& pose) { return *pose.time_s; });
    const bool is_before_nearer =
        next != estimates.begin() &&
        (next == estimates.end() || time_s - *std::prev(next)->time_s < *next->time_s - time_s);
    if (is_before_nearer) --next;
    if (next == estimates.end() || std::abs(*next->time_s - time_s) > kMaxTimeDifferenceS) continue;
    frames[static_cast<std::size_t>(next - estimates.begin())] = i;
  }
  return frames;
}

}  // namespace

std::string_view FrameKey(std::string_view name) {
  if (name.starts_with("./")) name.remove_prefix(2);
  const std::size_t folder = name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/') + 1;
  const auto drop_ending = [&](std::size_t dot) {
    if (dot != std::string_view::npos && dot > folder) name = name.substr(0, dot);
  };
  drop_ending(name.rfind('.'));
  for (const std::string_view ending : {".color", ".pose", ".rgb"}) {
    if (name.ends_with(ending)) drop_ending(name.size() - ending.size());
  }
  return name;
}

Result<PoseFile> ReadPoseFile(const fs::path& path) {
  POSENET_ASSIGN_OR_RETURN(PoseFile file, ReadAnyKind(path));
  if (file.poses.empty()) {
    return base::Fail(
        ErrorCode::kCorruptData, base::Printable(path.native(), 400),
        ": expected poses: lines 'name qw qx qy qz tx ty tz' or 'timestamp tx ty tz qx qy qz qw', or a folder of "
        ".pose.txt files; found none");
  }
  POSENET_RETURN_IF_ERROR(CheckUnique(file));
  return file;
}

std::string FormatPoseList(const std::vector<NamedPose>& poses) {
  std::string text;
  for (const NamedPose& pose : poses) {
    const RigidPose cam_from_world = Inverse(pose.world_from_cam);
    const Quaternion& q = cam_from_world.rotation;
    const Vector3& t = cam_from_world.translation_m;
    text += pose.name;
    for (const double number : {q.w, q.x, q.y, q.z, t.x, t.y, t.z}) AppendNumber(text, number);
    text += "\n";
  }
  return text;
}

Result<Matches> MatchEstimates(const std::vector<NamedPose>& truth, const PoseFile& estimates) {
  Matches matches;
  matches.estimates.resize(truth.size());
  const auto frames = estimates.kind == PoseFileKind::kTum ? FramesByTime(truth, estimates.poses)
                                                           : FramesByName(truth, estimates.poses);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const NamedPose& estimate = estimates.poses[i];
    if (!frames[i]) {
      matches.unmatched.push_back(estimate.name);
    } else if (matches.estimates[*frames[i]]) {
      return base::Fail(ErrorCode::kCorruptData, estimate.origin, ": a second estimate of the frame at ",
                        truth[*frames[i]].origin);
    } else {
      matches.estimates[*frames[i]] = estimate.world_from_cam;
    }
  }
  if (matches.unmatched.size() < estimates.poses.size()) return matches;
  return base::Fail(ErrorCode::kCorruptData, estimates.poses.front().origin, ": expected estimates of frames such as '",
                    base::Printable(truth.front().name), "'; none of ", estimates.poses.size(),
                    " matches a frame (the first is '", base::Printable(estimates.poses.front().name), "')");
}

}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
#include "camera/scene.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"

namespace posenet::camera {
namespace {

constexpr std::array<std::pair<SceneFormat, std::string_view>, 6> kFormatNames = {{
    {SceneFormat::kSevenScenes, "7scenes"},
    {SceneFormat::kCambridge, "cambridge"},
    {SceneFormat::kColmap, "colmap"},
    {SceneFormat::kNerf, "nerf"},
    {SceneFormat::kTum, "tum"},
    {SceneFormat::kCsv, "csv"},
}};

}  // namespace

std::string_view FormatName(SceneFormat format) {
  const auto* found = std::ranges::find(kFormatNames, format, &std::pair<SceneFormat, std::string_view>::first);
  return found->second;
}

std::optional<SceneFormat> FormatOf(std::string_view name) {
  for (const auto& [format, format_name] : kFormatNames) {
    if (name == format_name) return format;
  }
  return std::nullopt;
}

std::vector<RigidPose> PosesOf(const Scene& scene, Split split) {
  std::vector<RigidPose> poses;
  for (const Frame& frame : scene.frames) {
    if (frame.split == split) poses.push_back(frame.world_from_cam);
  }
  return poses;
}

bool FollowsPrevious(const Scene& scene, std::size_t index) {
  if (index == 0) return false;
  const Frame& previous = scene.frames[index - 1];
  return previous.split == scene.frames[index].split && previous.sequence == scene.frames[index].sequence;
}

std::string_view DefectName(RotationDefect defect) {
  switch (defect) {
    case RotationDefect::kNone:
      return "a rotation";
    case RotationDefect::kNotUnit:
      return "a quaternion whose length is not 1";
    case RotationDefect::kScaled:
      return "a scaled rotation matrix";
    case RotationDefect::kNotOrthogonal:
      return "a sheared rotation matrix";
    case RotationDefect::kLeftHanded:
      return "a left-handed rotation matrix";
  }
  return "";
}

Result<void> RequireSoundRotations(const Scene& scene) {
  for (const Frame& frame : scene.frames) {
    if (frame.defect == RotationDefect::kNone) continue;
    return base::Fail(ErrorCode::kCorruptData, frame.origin, ": expected a rotation, got ", DefectName(frame.defect),
                      " (", frame.defect_amount, ")");
  }
  return {};
}

}  // namespace posenet::camera

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

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes a number off the front of `text`; without its leading zeros.
std::string_view TakeDigits(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && IsDigit(text[end])) ++end;
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

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

bool NaturalLess(std::string_view a, std::string_view b) {
  const std::string_view whole_a = a;
  const std::string_view whole_b = b;
  while (!a.empty() && !b.empty()) {
    if (IsDigit(a.front()) && IsDigit(b.front())) {
      const std::string_view number_a = TakeDigits(a);
      const std::string_view number_b = TakeDigits(b);
      if (number_a.size() != number_b.size()) return number_a.size() < number_b.size();
      if (number_a != number_b) return number_a < number_b;
    } else {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  if (a.empty() != b.empty()) return a.empty();
  return whole_a < whole_b;  // They differ in leading zeros at most.
}

}  // namespace posenet::camera

// SPDX-License-Identifier: Apache-2.0
#include "common/pose_json.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/strings.h"
#include "common/json_breaks.h"
#include "common/numbers.h"

namespace posenet::app {
namespace {

void AppendKeypoint(std::string& out, Part part, const Keypoint& keypoint) {
  out +=
      base::StrCat("{\"part\": \"", PartName(part), "\", \"score\": ", FormatJsonNumber(keypoint.score, kScoreDecimals),
                   ", \"position\": {\"x\": ", FormatJsonNumber(keypoint.position_px.x, kPositionDecimals),
                   ", \"y\": ", FormatJsonNumber(keypoint.position_px.y, kPositionDecimals), "}}");
}

void AppendPose(std::string& out, const Pose& pose, std::optional<std::int64_t> id, float min_keypoint_score,
                const Breaks& breaks) {
  out += '{';
  if (id) out += base::StrCat("\"id\": ", *id, ", ");
  out += base::StrCat("\"score\": ", FormatJsonNumber(pose.score, kScoreDecimals), ", \"keypoints\": [");
  bool first = true;
  for (int part = 0; part < kPartCount; ++part) {
    const Keypoint& keypoint = pose[static_cast<Part>(part)];
    if (keypoint.score < min_keypoint_score) continue;
    if (!first) out += ',';
    out += breaks.At(3, first ? "" : " ");
    AppendKeypoint(out, static_cast<Part>(part), keypoint);
    first = false;
  }
  if (!first) out += breaks.At(2);
  out += "]}";
}

void AppendPoses(std::string& out, std::span<const Pose> poses, std::span<const std::int64_t> ids,
                 float min_keypoint_score, const Breaks& breaks) {
  out += '[';
  for (std::size_t i = 0; i < poses.size(); ++i) {
    if (i > 0) out += ',';
    out += breaks.At(2, i > 0 ? " " : "");
    const std::optional<std::int64_t> id = i < ids.size() ? std::optional(ids[i]) : std::nullopt;
    AppendPose(out, poses[i], id, min_keypoint_score, breaks);
  }
  if (!poses.empty()) out += breaks.At(1);
  out += ']';
}

}  // namespace

std::string JsonString(std::string_view text) {
  constexpr int kNoIndent = -1;
  constexpr bool kEnsureAscii = false;
  return nlohmann::json(text).dump(kNoIndent, ' ', kEnsureAscii, nlohmann::json::error_handler_t::replace);
}

std::string ValidUtf8(std::string_view text) { return nlohmann::json::parse(JsonString(text)).get<std::string>(); }

std::string PosesToJson(const ImageInfo& image, std::span<const Pose> poses, float min_keypoint_score,
                        JsonLayout layout) {
  const Breaks breaks(layout);
  std::string out = base::StrCat("{", breaks.At(1));
  if (!image.name.empty()) out += base::StrCat("\"image\": ", JsonString(image.name), ",", breaks.At(1, " "));
  out += base::StrCat("\"width\": ", image.width_px, ",", breaks.At(1, " "), "\"height\": ", image.height_px, ",",
                      breaks.At(1, " "), "\"poses\": ");
  AppendPoses(out, poses, {}, min_keypoint_score, breaks);
  return out + breaks.At(0) + "}\n";
}

std::string PoseListToJson(std::span<const Pose> poses, std::span<const std::int64_t> ids, float min_keypoint_score) {
  std::string out;
  AppendPoses(out, poses, ids, min_keypoint_score, Breaks(JsonLayout::kLine));
  return out;
}

std::string ErrorToJson(std::string_view name, std::string_view message, JsonLayout layout) {
  const Breaks breaks(layout);
  return base::StrCat("{", breaks.At(1), "\"image\": ", JsonString(name), ",", breaks.At(1, " "),
                      "\"error\": ", JsonString(message), breaks.At(0), "}\n");
}

}  // namespace posenet::app

// SPDX-License-Identifier: Apache-2.0
#include "human_video/frame_lines.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <system_error>

#include "base/strings.h"
#include "common/csv_text.h"
#include "common/numbers.h"
#include "common/pose_csv.h"
#include "common/pose_json.h"

namespace posenet::human_video {
namespace {

namespace fs = std::filesystem;

// Microseconds, finer than the clock of any video.
constexpr int kTimeDecimals = 6;

// Without the host, which may have a user and a password in front, and without the query.
std::string PathOfUrl(const std::string& url) {
  const std::size_t host = url.find("://") + 3;
  const std::size_t path = std::min(url.find('/', host), url.size());
  return url.substr(path, url.find_first_of("?#", path) - path);
}

}  // namespace

std::string FrameToJson(const FrameResult& result, std::span<const std::int64_t> ids, float min_keypoint_score) {
  const video::VideoFrame& frame = result.frame;
  std::string line =
      base::StrCat("{\"frame\": ", frame.number, ", \"time_s\": ", app::FormatJsonNumber(frame.time_s, kTimeDecimals));
  if (result.skipped_count > 0) line += base::StrCat(", \"skipped\": ", result.skipped_count);
  if (frame.error) {
    return base::StrCat(line, ", \"error\": ", app::JsonString(frame.error->message), "}\n");
  }
  return base::StrCat(line, ", \"width\": ", frame.image.width_px, ", \"height\": ", frame.image.height_px,
                      ", \"poses\": ", app::PoseListToJson(result.poses, ids, min_keypoint_score), "}\n");
}

std::string FrameToCsv(const FrameResult& result, std::span<const std::int64_t> ids, float min_keypoint_score) {
  const video::VideoFrame& frame = result.frame;
  std::string start = base::StrCat(frame.number, ",", app::FormatJsonNumber(frame.time_s, kTimeDecimals), ",");
  if (frame.error) return base::StrCat(start, ",,,,,,,,,", app::CsvText(frame.error->message), "\n");
  start += base::StrCat(frame.image.width_px, ",", frame.image.height_px, ",");
  if (result.poses.empty()) return start + ",,,,,,,\n";
  std::string rows;
  for (std::size_t i = 0; i < result.poses.size(); ++i) {
    const Pose& pose = result.poses[i];
    const std::string person = base::StrCat(start, i, ",", i < ids.size() ? std::to_string(ids[i]) : "", ",",
                                            app::CsvNumber(pose.score, app::kScoreDecimals), ",");
    rows += app::KeypointRows(person, pose, min_keypoint_score);
  }
  return rows;
}

std::string InputStem(const std::string& input) {
  constexpr std::string_view kCamera = video::kCameraPrefix;
  if (input == video::kStandardInput) return "stdin";
  if (input.starts_with(kCamera) && input.find('/') == std::string::npos)
    return "camera" + input.substr(kCamera.size());
  const bool is_url = input.find("://") != std::string::npos;
  std::string path = is_url ? PathOfUrl(input) : input;
  while (!path.empty() && path.back() == '/') path.pop_back();
  std::error_code ignored;
  const fs::path name = fs::path(path).filename();
  const std::string stem = (!is_url && fs::is_directory(path, ignored) ? name : name.stem()).native();
  return stem.empty() || stem == "." || stem == ".." ? "stream" : stem;
}

}  // namespace posenet::human_video

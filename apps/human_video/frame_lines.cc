// SPDX-License-Identifier: Apache-2.0
#include "human_video/frame_lines.h"

#include <cstddef>

#include "common/append.h"
#include "common/csv_text.h"
#include "common/numbers.h"
#include "common/pose_csv.h"
#include "common/pose_json.h"

namespace posenet::human_video {
namespace {

using app::Append;

// Microseconds, finer than the clock of any video.
constexpr int kTimeDecimals = 6;

}  // namespace

std::string FrameToJson(const FrameResult& result, std::span<const std::int64_t> ids, float min_keypoint_score) {
  const video::VideoFrame& frame = result.frame;
  std::string line;
  Append(line, "{\"frame\": ", std::to_string(frame.number),
         ", \"time_s\": ", app::FormatJsonNumber(frame.time_s, kTimeDecimals));
  if (result.skipped_count > 0) Append(line, ", \"skipped\": ", std::to_string(result.skipped_count));
  if (frame.error) {
    Append(line, ", \"error\": ", app::JsonString(frame.error->message), "}\n");
    return line;
  }
  Append(line, ", \"width\": ", std::to_string(frame.image.width_px),
         ", \"height\": ", std::to_string(frame.image.height_px),
         ", \"poses\": ", app::PoseListToJson(result.poses, ids, min_keypoint_score), "}\n");
  return line;
}

std::string FrameToCsv(const FrameResult& result, std::span<const std::int64_t> ids, float min_keypoint_score) {
  const video::VideoFrame& frame = result.frame;
  std::string start;
  Append(start, std::to_string(frame.number), ",", app::FormatJsonNumber(frame.time_s, kTimeDecimals), ",");
  std::string rows;
  if (frame.error) {
    Append(rows, start, ",,,,,,,,,", app::CsvText(frame.error->message), "\n");
    return rows;
  }
  Append(start, std::to_string(frame.image.width_px), ",", std::to_string(frame.image.height_px), ",");
  if (result.poses.empty()) Append(rows, start, ",,,,,,,\n");
  for (std::size_t i = 0; i < result.poses.size(); ++i) {
    const Pose& pose = result.poses[i];
    std::string person;
    Append(person, start, std::to_string(i), ",", i < ids.size() ? std::to_string(ids[i]) : "", ",",
           app::CsvNumber(pose.score, app::kScoreDecimals), ",");
    rows += app::KeypointRows(person, pose, min_keypoint_score);
  }
  return rows;
}

}  // namespace posenet::human_video

// SPDX-License-Identifier: Apache-2.0
#include "human_video/frame_lines.h"

#include <cstddef>

#include "common/append.h"
#include "common/csv_text.h"
#include "common/numbers.h"
#include "common/pose_csv.h"
#include "common/pose_json.h"

namespace posenet::video_app {
namespace {

using app::Append;

// Microseconds: finer than any clock of a video.
constexpr int kTimeDecimals = 6;

}  // namespace

std::string FrameToJson(const FrameAnswer& answer, std::span<const std::int64_t> ids, float min_keypoint_score) {
  const video::VideoFrame& frame = answer.frame;
  std::string line;
  Append(line, "{\"frame\": ", std::to_string(frame.number),
              ", \"time_s\": ", app::FormatJsonNumber(frame.time_s, kTimeDecimals));
  if (answer.skipped_count > 0) Append(line, ", \"skipped\": ", std::to_string(answer.skipped_count));
  if (frame.error) {
    Append(line, ", \"error\": ", app::JsonString(frame.error->message), "}\n");
    return line;
  }
  Append(line, ", \"width\": ", std::to_string(frame.image.width_px),
              ", \"height\": ", std::to_string(frame.image.height_px),
              ", \"poses\": ", app::PoseListToJson(answer.poses, ids, min_keypoint_score), "}\n");
  return line;
}

std::string FrameToCsv(const FrameAnswer& answer, std::span<const std::int64_t> ids, float min_keypoint_score) {
  const video::VideoFrame& frame = answer.frame;
  std::string start;
  Append(start, std::to_string(frame.number), ",", app::FormatJsonNumber(frame.time_s, kTimeDecimals), ",");
  std::string rows;
  if (frame.error) {
    Append(rows, start, ",,,,,,,,,", app::CsvText(frame.error->message), "\n");
    return rows;
  }
  Append(start, std::to_string(frame.image.width_px), ",", std::to_string(frame.image.height_px), ",");
  if (answer.poses.empty()) Append(rows, start, ",,,,,,,\n");
  for (std::size_t i = 0; i < answer.poses.size(); ++i) {
    const Pose& pose = answer.poses[i];
    std::string person;
    Append(person, start, std::to_string(i), ",", i < ids.size() ? std::to_string(ids[i]) : "", ",",
                app::CsvNumber(pose.score, app::kScoreDecimals), ",");
    rows += app::KeypointRows(person, pose, min_keypoint_score);
  }
  return rows;
}

}  // namespace posenet::video_app

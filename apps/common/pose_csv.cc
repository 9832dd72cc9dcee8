// SPDX-License-Identifier: Apache-2.0
#include "common/pose_csv.h"

#include <cstddef>

#include "common/append.h"
#include "common/csv_text.h"
#include "common/numbers.h"

namespace posenet::app {

std::string KeypointRows(std::string_view start, const Pose& pose, float min_keypoint_score) {
  std::string rows;
  for (int part = 0; part < kPartCount; ++part) {
    const Keypoint& keypoint = pose[static_cast<Part>(part)];
    if (keypoint.score < min_keypoint_score) continue;
    Append(rows, start, PartName(static_cast<Part>(part)), ",", CsvNumber(keypoint.position_px.x, kPositionDecimals),
           ",", CsvNumber(keypoint.position_px.y, kPositionDecimals), ",", CsvNumber(keypoint.score, kScoreDecimals),
           ",\n");
  }
  if (rows.empty()) Append(rows, start, ",,,,\n");
  return rows;
}

std::string PosesToCsv(const ImageInfo& image, std::span<const Pose> poses, float min_keypoint_score) {
  std::string columns;
  Append(columns, CsvText(image.name), ",", std::to_string(image.width_px), ",", std::to_string(image.height_px), ",");
  std::string rows;
  if (poses.empty()) Append(rows, columns, ",,,,,,\n");
  for (std::size_t i = 0; i < poses.size(); ++i) {
    std::string pose;
    Append(pose, columns, std::to_string(i), ",", CsvNumber(poses[i].score, kScoreDecimals), ",");
    rows += KeypointRows(pose, poses[i], min_keypoint_score);
  }
  return rows;
}

std::string ErrorToCsv(std::string_view name, std::string_view message) {
  std::string row;
  Append(row, CsvText(name), ",,,,,,,,,", CsvText(message), "\n");
  return row;
}

}  // namespace posenet::app

// SPDX-License-Identifier: Apache-2.0
#include "common/pose_csv.h"

#include <cstddef>

#include "base/strings.h"
#include "common/csv_text.h"
#include "common/numbers.h"

namespace posenet::app {

std::string KeypointRows(std::string_view start, const Pose& pose, float min_keypoint_score) {
  std::string rows;
  for (int part = 0; part < kPartCount; ++part) {
    const Keypoint& keypoint = pose[static_cast<Part>(part)];
    if (keypoint.score < min_keypoint_score) continue;
    rows += base::StrCat(
        start, PartName(static_cast<Part>(part)), ",", CsvNumber(keypoint.position_px.x, kPositionDecimals), ",",
        CsvNumber(keypoint.position_px.y, kPositionDecimals), ",", CsvNumber(keypoint.score, kScoreDecimals), ",\n");
  }
  return rows.empty() ? base::StrCat(start, ",,,,\n") : rows;
}

std::string PosesToCsv(const ImageInfo& image, std::span<const Pose> poses, float min_keypoint_score) {
  const std::string columns = base::StrCat(CsvText(image.name), ",", image.width_px, ",", image.height_px, ",");
  if (poses.empty()) return columns + ",,,,,,\n";
  std::string rows;
  for (std::size_t i = 0; i < poses.size(); ++i) {
    const std::string pose = base::StrCat(columns, i, ",", CsvNumber(poses[i].score, kScoreDecimals), ",");
    rows += KeypointRows(pose, poses[i], min_keypoint_score);
  }
  return rows;
}

std::string ErrorToCsv(std::string_view name, std::string_view message) {
  return base::StrCat(CsvText(name), ",,,,,,,,,", CsvText(message), "\n");
}

}  // namespace posenet::app

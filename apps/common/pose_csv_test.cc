// SPDX-License-Identifier: Apache-2.0
#include "common/pose_csv.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace posenet::app {
namespace {

constexpr ImageInfo kPhoto = {.name = "a.jpg", .width_px = 640, .height_px = 427};

std::ptrdiff_t FieldSeparators(std::string_view row) { return std::count(row.begin(), row.end(), ','); }

TEST(PosesToCsv, WritesOneRowAKeypoint) {
  std::array<Pose, 2> poses;
  poses[1].score = 0.5F;
  poses[1][Part::kNose] = {.position_px = {.x = 1.5F, .y = -2.0F}, .score = 0.75F};
  const std::string rows = PosesToCsv(kPhoto, poses, 0.0F);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 34);
  EXPECT_NE(rows.find("\na.jpg,640,427,1,0.5,nose,1.5,-2,0.75,\n"), std::string::npos) << rows;
}

TEST(PosesToCsv, WritesARowWithoutPeopleOrKeypoints) {
  EXPECT_EQ(PosesToCsv(kPhoto, {}, 0.0F), "a.jpg,640,427,,,,,,,\n");
  const std::array<Pose, 1> poses = {};
  EXPECT_EQ(PosesToCsv(kPhoto, poses, 0.5F), "a.jpg,640,427,0,0,,,,,\n");
}

TEST(PosesToCsv, HasTheHeadersFieldsInEveryRow) {
  const std::array<Pose, 1> poses = {};
  for (const std::string& row : {PosesToCsv(kPhoto, {}, 0.0F), PosesToCsv(kPhoto, poses, 0.5F),
                                 PosesToCsv(kPhoto, poses, 0.0F), ErrorToCsv("a", "b")}) {
    EXPECT_EQ(FieldSeparators(row.substr(0, row.find('\n'))), FieldSeparators(kCsvHeader)) << row;
  }
}

TEST(ErrorToCsv, QuotesWhatNeedsIt) {
  EXPECT_EQ(ErrorToCsv("a,b", "no \"c\""), "\"a,b\",,,,,,,,,\"no \"\"c\"\"\"\n");
  EXPECT_EQ(ErrorToCsv("a\nb", "c"), "\"a\nb\",,,,,,,,,c\n");
}

}  // namespace
}  // namespace posenet::app

// SPDX-License-Identifier: Apache-2.0
#include "human_video/frame_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/testing/temporary_folder.h"

namespace posenet::human_video {
namespace {

FrameResult TestResult(std::size_t pose_count) {
  FrameResult result;
  result.frame.number = 12;
  result.frame.time_s = 0.48;
  result.frame.image = {.width_px = 640, .height_px = 480, .rgb = {}};
  for (std::size_t i = 0; i < pose_count; ++i) {
    Pose pose = {.score = 0.5F, .keypoints = {}};
    for (std::size_t part = 0; part < pose.keypoints.size(); ++part) {
      pose.keypoints[part] = {.position_px = {static_cast<float>(part), 2.0F}, .score = part < 5 ? 0.9F : 0.1F};
    }
    result.poses.push_back(pose);
  }
  return result;
}

TEST(FrameToJson, IsOneLineWithTimeAndIds) {
  const std::string line = FrameToJson(TestResult(2), std::array<std::int64_t, 2>{7, 3}, 0.0F);
  EXPECT_TRUE(
      line.starts_with("{\"frame\": 12, \"time_s\": 0.48, \"width\": 640, \"height\": 480, \"poses\": "
                       "[{\"id\": 7, \"score\": 0.5, \"keypoints\": [{\"part\": \"nose\""))
      << line;
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  EXPECT_EQ(nlohmann::json::parse(line)["poses"][1]["id"], 3);
}

TEST(FrameToJson, HasNoIdsWithoutTracking) {
  const auto json = nlohmann::json::parse(FrameToJson(TestResult(1), {}, 0.5F));
  EXPECT_FALSE(json["poses"][0].contains("id"));
  EXPECT_EQ(json["poses"][0]["keypoints"].size(), 5U);
}

TEST(FrameToJson, HasALineForFramesWithoutPeople) {
  EXPECT_EQ(FrameToJson(TestResult(0), {}, 0.0F),
            "{\"frame\": 12, \"time_s\": 0.48, \"width\": 640, \"height\": 480, \"poses\": []}\n");
}

TEST(FrameToJson, HasErrorsAndSkippedCounts) {
  FrameResult result = TestResult(1);
  result.skipped_count = 2;
  result.frame.error = Error{ErrorCode::kCorruptData, "is \"broken\""};
  EXPECT_EQ(FrameToJson(result, {}, 0.0F),
            "{\"frame\": 12, \"time_s\": 0.48, \"skipped\": 2, \"error\": \"is \\\"broken\\\"\"}\n");
}

TEST(FrameToCsv, HasTheSameNumberOfFieldsInEveryRow) {
  FrameResult broken = TestResult(0);
  broken.frame.error = Error{ErrorCode::kCorruptData, "broken"};
  const std::array<std::int64_t, 2> ids = {7, 3};
  const std::string all = std::string(kFrameCsvHeader) + FrameToCsv(TestResult(2), ids, 0.5F) +
                          FrameToCsv(TestResult(0), {}, 0.0F) + FrameToCsv(TestResult(1), {}, 1.0F) +
                          FrameToCsv(broken, {}, 0.0F);
  std::istringstream rows(all);
  int row_count = 0;
  for (std::string row; std::getline(rows, row); ++row_count) EXPECT_EQ(std::ranges::count(row, ','), 11) << row;
  EXPECT_EQ(row_count, 1 + 2 * 5 + 3);
  EXPECT_THAT(all, testing::HasSubstr("\n12,0.48,640,480,1,3,0.5,leftEye,1,2,0.9,\n"));
  EXPECT_THAT(all, testing::HasSubstr("\n12,0.48,,,,,,,,,,broken\n"));
}

TEST(InputStem, IsTheNameOfTheInput) {
  EXPECT_EQ(InputStem("videos/dance.01.mp4"), "dance.01");
  EXPECT_EQ(InputStem("camera:0"), "camera0");
  EXPECT_EQ(InputStem("camera:/dev/video2"), "video2");
  EXPECT_EQ(InputStem("-"), "stdin");
  EXPECT_EQ(InputStem("rtsp://user:secret@camera.local/live/a.sdp?token=x/y"), "a");
  EXPECT_EQ(InputStem("http://user:secret@camera.local"), "stream");
  EXPECT_EQ(InputStem("http://camera.local/#x"), "stream");
}

TEST(InputStem, KeepsTheWholeNameOfAFolder) {
  const base::TemporaryFolder folder;
  folder.Write("walk.2/0001.png", "");
  EXPECT_EQ(InputStem((folder.path() / "walk.2/").native()), "walk.2");
}

}  // namespace
}  // namespace posenet::human_video

// SPDX-License-Identifier: Apache-2.0
#include "common/pose_json.h"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

namespace posenet::app {
namespace {

// A pose whose part i is at (i, 2 i) and scores i / 20.
Pose TestPose() {
  Pose pose;
  pose.score = 0.25F;
  for (std::size_t i = 0; i < pose.keypoints.size(); ++i) {
    const auto value = static_cast<float>(i);
    pose.keypoints[i] = {.position_px = {.x = value, .y = 2.0F * value}, .score = value / 20.0F};
  }
  return pose;
}

constexpr ImageInfo kImage = {.name = "a.jpg", .width_px = 640, .height_px = 427};

TEST(PosesToJson, HasTensorFlowsShape) {
  const std::array poses = {TestPose()};
  const std::string text = PosesToJson(kImage, poses, 0.0F, JsonLayout::kLine);
  EXPECT_TRUE(
      text.starts_with("{\"image\": \"a.jpg\", \"width\": 640, \"height\": 427, \"poses\": [{\"score\": 0.25, "
                       "\"keypoints\": [{\"part\": \"nose\", \"score\": 0, \"position\": {\"x\": 0, \"y\": 0}}, "
                       "{\"part\": \"leftEye\", \"score\": 0.05, \"position\": {\"x\": 1, \"y\": 2}}, "))
      << text;
  EXPECT_TRUE(text.ends_with("]}]}\n")) << text;
  EXPECT_EQ(nlohmann::json::parse(text)["poses"][0]["keypoints"].size(), 17U);
}

TEST(PosesToJson, AnswersImagesWithoutPeople) {
  EXPECT_EQ(PosesToJson(kImage, {}, 0.0F, JsonLayout::kLine),
            "{\"image\": \"a.jpg\", \"width\": 640, \"height\": 427, \"poses\": []}\n");
}

TEST(PosesToJson, LeavesOutWeakKeypoints) {
  const std::array poses = {TestPose(), TestPose()};
  const auto json = nlohmann::json::parse(PosesToJson(kImage, poses, 0.7F, JsonLayout::kLine));
  ASSERT_EQ(json["poses"].size(), 2U);
  EXPECT_EQ(json["poses"][1]["keypoints"].size(), 3U);  // 0.7, 0.75 and 0.8.
  const auto none = nlohmann::json::parse(PosesToJson(kImage, poses, 1.0F, JsonLayout::kLine));
  EXPECT_TRUE(none["poses"][0]["keypoints"].empty());
}

TEST(PosesToJson, IsTheSameWhenIndented) {
  const std::array poses = {TestPose(), TestPose()};
  const std::string line = PosesToJson(kImage, poses, 0.5F, JsonLayout::kLine);
  const std::string pretty = PosesToJson(kImage, poses, 0.5F, JsonLayout::kPretty);
  EXPECT_EQ(nlohmann::json::parse(line), nlohmann::json::parse(pretty));
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_GT(std::count(pretty.begin(), pretty.end(), '\n'), 10);
}

TEST(ErrorToJson, SaysWhatIsWrong) {
  EXPECT_EQ(ErrorToJson("a \"b\".jpg", "is empty", JsonLayout::kLine),
            "{\"image\": \"a \\\"b\\\".jpg\", \"error\": \"is empty\"}\n");
}

TEST(ValidUtf8, ReplacesOtherBytesAndKeepsControlCharacters) {
  EXPECT_EQ(ValidUtf8("caf\xC3\xA9\n"), "caf\xC3\xA9\n");
  EXPECT_EQ(ValidUtf8("a\xFF"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
}

}  // namespace
}  // namespace posenet::app

// SPDX-License-Identifier: Apache-2.0
#include "server/answers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/pose_json.h"

namespace posenet::server {
namespace {

using Json = nlohmann::json;

std::vector<Pose> TwoPoses() {
  std::vector<Pose> poses(2);
  poses[0].score = 0.75F;
  poses[1].score = 0.5F;
  for (std::size_t i = 0; i < poses[0].keypoints.size(); ++i) {
    poses[0].keypoints[i] = {.position_px = {.x = static_cast<float>(i) + 0.125F, .y = 2.5F}, .score = 0.9F};
  }
  return poses;
}

NamedImage SmallImage(const std::string& name) {
  return {.image = {.width_px = 64, .height_px = 48, .rgb = {}}, .name = name};
}

TEST(PosesAnswer, IsTheCommandLinesButForTheName) {
  const std::vector<Pose> poses = TwoPoses();
  const std::string line =
      app::PosesToJson({.name = "a.jpg", .width_px = 64, .height_px = 48}, poses, 0.5F, app::JsonLayout::kLine);
  EXPECT_EQ(PosesAnswer(SmallImage("a.jpg"), poses, 0.5F), line);
  Json expected = Json::parse(line);
  expected.erase("image");
  EXPECT_EQ(Json::parse(PosesAnswer(SmallImage(""), poses, 0.5F)), expected);
  EXPECT_EQ(Json::parse(PosesAnswer(SmallImage(""), {}, 0.0F))["poses"], Json::array());
}

TEST(FrameAnswer, HasPosesOfTheSameShapeWithNumbers) {
  const std::vector<Pose> poses = TwoPoses();
  const Work work = {.width_px = 64, .height_px = 48, .people = 2, .decode_ms = 1.5, .estimate_ms = 2.25};
  const std::vector<std::int64_t> ids = {7, 3};
  Json answer = Json::parse(FrameAnswer({.number = 5, .dropped_count = 2}, work, poses, ids, 0.0F));
  EXPECT_EQ(answer["frame"], 5);
  EXPECT_EQ(answer["dropped"], 2);
  EXPECT_EQ(answer["milliseconds"], 3.75);
  EXPECT_EQ(answer["width"], 64);
  EXPECT_EQ(answer["poses"][0]["id"], 7);
  EXPECT_EQ(answer["poses"][1]["id"], 3);
  for (Json& pose : answer["poses"]) pose.erase("id");
  const Json expected = Json::parse(PosesAnswer(SmallImage(""), poses, 0.0F));
  EXPECT_EQ(answer["poses"], expected["poses"]);
  EXPECT_EQ(Json::parse(FrameAnswer({}, work, poses, {}, 0.0F))["poses"], expected["poses"]);
  EXPECT_EQ(Json::parse(FrameAnswer({}, work, {}, {}, 0.0F))["poses"], Json::array());
}

TEST(FrameError, IsJsonWhateverTheMessage) {
  const Json answer = Json::parse(FrameError({.number = 1}, 400, "a \"quote\" and \xFF"));
  EXPECT_EQ(answer["status"], 400);
  EXPECT_EQ(answer["frame"], 1);
  EXPECT_TRUE(answer["error"].is_string());
}

}  // namespace
}  // namespace posenet::server

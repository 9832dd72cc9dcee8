// SPDX-License-Identifier: Apache-2.0
#include "server/responses.h"

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

TEST(PosesResponse, IsTheLineOfTheCommandExceptForTheName) {
  const std::vector<Pose> poses = TwoPoses();
  const std::string line =
      app::PosesToJson({.name = "a.jpg", .width_px = 64, .height_px = 48}, poses, 0.5F, app::JsonLayout::kLine);
  EXPECT_EQ(PosesResponse(SmallImage("a.jpg"), poses, 0.5F), line);
  Json expected = Json::parse(line);
  expected.erase("image");
  EXPECT_EQ(Json::parse(PosesResponse(SmallImage(""), poses, 0.5F)), expected);
  EXPECT_EQ(Json::parse(PosesResponse(SmallImage(""), {}, 0.0F))["poses"], Json::array());
}

TEST(FrameResponse, HasPosesOfTheSameShapeWithTrackIds) {
  const std::vector<Pose> poses = TwoPoses();
  const ProcessingStats stats = {.width_px = 64, .height_px = 48, .people = 2, .decode_ms = 1.5, .estimate_ms = 2.25};
  const std::vector<std::int64_t> ids = {7, 3};
  Json response = Json::parse(FrameResponse({.number = 5, .dropped_count = 2}, stats, poses, ids, 0.0F));
  EXPECT_EQ(response["frame"], 5);
  EXPECT_EQ(response["dropped"], 2);
  EXPECT_EQ(response["milliseconds"], 3.75);
  EXPECT_EQ(response["width"], 64);
  EXPECT_EQ(response["poses"][0]["id"], 7);
  EXPECT_EQ(response["poses"][1]["id"], 3);
  for (Json& pose : response["poses"]) pose.erase("id");
  const Json expected = Json::parse(PosesResponse(SmallImage(""), poses, 0.0F));
  EXPECT_EQ(response["poses"], expected["poses"]);
  EXPECT_EQ(Json::parse(FrameResponse({}, stats, poses, {}, 0.0F))["poses"], expected["poses"]);
  EXPECT_EQ(Json::parse(FrameResponse({}, stats, {}, {}, 0.0F))["poses"], Json::array());
}

TEST(FrameErrorResponse, IsJsonWhateverTheDetail) {
  const Json response =
      Json::parse(FrameErrorResponse({.number = 1}, {.status = 400, .detail = "a \"quote\" and \xFF"}));
  EXPECT_EQ(response["status"], 400);
  EXPECT_EQ(response["frame"], 1);
  EXPECT_TRUE(response["error"].is_string());
}

}  // namespace
}  // namespace posenet::server

// SPDX-License-Identifier: Apache-2.0
#include "human/openpose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace posenet::human::openpose {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Part i at (10 i, 100 + i), with a score of 0.05 (i + 1).
Pose MakePose() {
  Pose pose = {.score = 0.5F, .keypoints = {}};
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const auto number = static_cast<float>(i);
    pose.keypoints[i] = {.position_px = {.x = 10.0F * number, .y = 100.0F + number}, .score = 0.05F * (number + 1.0F)};
  }
  return pose;
}

// Keypoint `index` of the first person: x, y, score.
std::vector<double> KeypointAt(const json& document, std::size_t index) {
  const json& numbers = document["people"][0]["pose_keypoints_2d"];
  return {numbers[3 * index], numbers[3 * index + 1], numbers[3 * index + 2]};
}

TEST(OpenPoseFrameFileName, HasTwelveDigits) {
  EXPECT_EQ(FrameFileName("dance", 0), "dance_000000000000_keypoints.json");
  EXPECT_EQ(FrameFileName("dance", 1'234'567), "dance_000001234567_keypoints.json");
  EXPECT_EQ(FrameFileName("dance", 1'234'567'890'123), "dance_1234567890123_keypoints.json");
}

// The indices are those of OpenPose's documentation.
TEST(OpenPosePosesToJson, WritesTheOrderOfBody25) {
  const std::vector<Pose> poses = {MakePose()};
  const json document = json::parse(PosesToJson(poses, {}, 0.0F));
  EXPECT_EQ(document["version"], 1.3);
  ASSERT_THAT(document["people"], SizeIs(1));
  ASSERT_THAT(document["people"][0]["pose_keypoints_2d"], SizeIs(75));
  constexpr std::array<std::pair<std::size_t, Part>, 17> kIndices = {{{0, Part::kNose},
                                                                      {2, Part::kRightShoulder},
                                                                      {3, Part::kRightElbow},
                                                                      {4, Part::kRightWrist},
                                                                      {5, Part::kLeftShoulder},
                                                                      {6, Part::kLeftElbow},
                                                                      {7, Part::kLeftWrist},
                                                                      {9, Part::kRightHip},
                                                                      {10, Part::kRightKnee},
                                                                      {11, Part::kRightAnkle},
                                                                      {12, Part::kLeftHip},
                                                                      {13, Part::kLeftKnee},
                                                                      {14, Part::kLeftAnkle},
                                                                      {15, Part::kRightEye},
                                                                      {16, Part::kLeftEye},
                                                                      {17, Part::kRightEar},
                                                                      {18, Part::kLeftEar}}};
  for (const auto& [index, part] : kIndices) {
    const Keypoint& keypoint = poses[0][part];
    EXPECT_THAT(KeypointAt(document, index), ElementsAre(testing::DoubleNear(keypoint.position_px.x, 5e-4),
                                                         testing::DoubleNear(keypoint.position_px.y, 5e-4),
                                                         testing::DoubleNear(keypoint.score, 5e-7)))
        << PartName(part);
  }
}

TEST(OpenPosePosesToJson, ComputesNeckAndMidHip) {
  const std::vector<Pose> poses = {MakePose()};
  const json document = json::parse(PosesToJson(poses, {}, 0.0F));
  // Shoulders are parts 5 and 6, hips 11 and 12.
  EXPECT_THAT(KeypointAt(document, 1), ElementsAre(55.0, 105.5, testing::DoubleNear(0.3, 1e-6)));
  EXPECT_THAT(KeypointAt(document, 8), ElementsAre(115.0, 111.5, testing::DoubleNear(0.6, 1e-6)));
}

TEST(OpenPosePosesToJson, WritesZerosForWhatIsNotDetected) {
  std::vector<Pose> poses = {MakePose()};
  poses[0][Part::kRightAnkle].position_px.x = std::numeric_limits<float>::quiet_NaN();
  poses[0][Part::kLeftAnkle].score = 0.0F;
  // Only the right shoulder, at 0.35, scores enough for the neck.
  const json document = json::parse(PosesToJson(poses, {}, 0.32F));
  for (const std::size_t index : {0, 1, 5, 11, 14, 19, 20, 21, 22, 23, 24}) {
    EXPECT_THAT(KeypointAt(document, index), ElementsAre(0.0, 0.0, 0.0)) << index;
  }
  EXPECT_GT(KeypointAt(document, 2)[2], 0.3);
  EXPECT_GT(KeypointAt(document, 8)[2], 0.5);
}

TEST(OpenPosePosesToJson, WritesTrackIdsAndTheOtherMembersOfVersion13) {
  const std::vector<Pose> poses = {MakePose(), MakePose()};
  const json tracked = json::parse(PosesToJson(poses, std::vector<std::int64_t>{7, 3}, 0.0F));
  EXPECT_EQ(tracked["people"][0]["person_id"], json::array({7}));
  EXPECT_EQ(tracked["people"][1]["person_id"], json::array({3}));
  EXPECT_EQ(json::parse(PosesToJson(poses, {}, 0.0F))["people"][1]["person_id"], json::array({-1}));
  for (const char* const key :
       {"face_keypoints_2d", "hand_left_keypoints_2d", "hand_right_keypoints_2d", "pose_keypoints_3d",
        "face_keypoints_3d", "hand_left_keypoints_3d", "hand_right_keypoints_3d"}) {
    EXPECT_EQ(tracked["people"][0][key], json::array()) << key;
  }
}

TEST(OpenPosePosesToJson, WritesAFileWithoutPeople) {
  EXPECT_EQ(PosesToJson({}, {}, 0.0F), "{\"version\":1.3,\"people\":[]}\n");
}

TEST(OpenPoseParsePoses, RoundTrips) {
  std::vector<Pose> poses = {MakePose(), MakePose()};
  poses[1].keypoints[4] = {};
  const auto parsed = ParsePoses(PosesToJson(poses, {}, 0.0F), "a_keypoints.json");
  ASSERT_TRUE(parsed) << parsed.error().message;
  ASSERT_THAT(*parsed, SizeIs(2));
  for (std::size_t i = 0; i < poses.size(); ++i) {
    float sum = 0.0F;
    for (std::size_t part = 0; part < kPartCount; ++part) {
      const Keypoint& expected = poses[i].keypoints[part];
      const Keypoint& keypoint = (*parsed)[i].keypoints[part];
      EXPECT_NEAR(keypoint.position_px.x, expected.position_px.x, 1e-3);
      EXPECT_NEAR(keypoint.position_px.y, expected.position_px.y, 1e-3);
      EXPECT_NEAR(keypoint.score, expected.score, 1e-6);
      sum += expected.score;
    }
    EXPECT_NEAR((*parsed)[i].score, sum / kPartCount, 1e-5);
  }
}

// Keypoint i at (i, 2 i) with a score of 0.5.
json MakeNumbers(int count) {
  json numbers = json::array();
  for (int i = 0; i < count; ++i) {
    numbers.push_back(i);
    numbers.push_back(2 * i);
    numbers.push_back(0.5);
  }
  return numbers;
}

// A file of one person, whose member `key` is `value`.
json MakeFile(const char* key, const json& value) {
  json person = json::object();
  person[key] = value;
  json document = json::object();
  document["people"] = json::array({person});
  return document;
}

TEST(OpenPoseParsePoses, ReadsTheCocoModelAndOldFiles) {
  for (const char* const key : {"pose_keypoints_2d", "pose_keypoints"}) {
    const auto poses = ParsePoses(MakeFile(key, MakeNumbers(18)).dump(), "");
    ASSERT_TRUE(poses) << poses.error().message;
    ASSERT_THAT(*poses, SizeIs(1));
    const Pose& pose = poses->front();
    // Their indices in OpenPose's documentation.
    EXPECT_EQ(pose[Part::kNose].position_px.x, 0.0F);
    EXPECT_EQ(pose[Part::kLeftShoulder].position_px.x, 5.0F);
    EXPECT_EQ(pose[Part::kRightHip].position_px.x, 8.0F);
    EXPECT_EQ(pose[Part::kLeftAnkle].position_px.y, 26.0F);
    EXPECT_EQ(pose[Part::kLeftEar].position_px.x, 17.0F);
    EXPECT_FLOAT_EQ(pose.score, 0.5F);
  }
}

TEST(OpenPoseParsePoses, IgnoresPeopleWithoutABody) {
  json document = MakeFile("pose_keypoints_2d", json::array());
  document["people"][0]["hand_left_keypoints_2d"] = MakeNumbers(21);
  EXPECT_THAT(ParsePoses(document.dump(), "").value(), IsEmpty());
  EXPECT_THAT(ParsePoses(R"({"version":1.3,"people":[]})", "").value(), IsEmpty());
}

TEST(OpenPoseParsePoses, NamesWhatIsMissingOrInvalid) {
  const auto expect_error = [](const json& document, const std::string& message) {
    const auto poses = ParsePoses(document.dump(), "a_keypoints.json");
    ASSERT_FALSE(poses) << message;
    EXPECT_EQ(poses.error().code, ErrorCode::kCorruptData);
    EXPECT_EQ(poses.error().message, "a_keypoints.json: " + message);
  };
  expect_error(json::array(), "the document: expected an object, found an array of 0");
  expect_error(json::object(), "people: expected an array, found nothing");
  json document = MakeFile("pose_keypoints_2d", MakeNumbers(17));
  json& numbers = document["people"][0]["pose_keypoints_2d"];
  expect_error(document,
               "people[0].pose_keypoints_2d: expected an array of 75 numbers (BODY_25) or 54 (COCO), found an array of "
               "51");
  numbers = MakeNumbers(25);
  numbers[4] = "x";
  expect_error(document, "people[0].pose_keypoints_2d[4]: expected a number, found \"x\"");
  numbers[4] = 1;
  numbers[5] = -0.5;
  expect_error(document, "people[0].pose_keypoints_2d[5]: expected a number of at least 0, found -0.5");
  document["people"][0].erase("pose_keypoints_2d");
  expect_error(document, "people[0].pose_keypoints_2d: expected an array, found nothing");
  document["people"][0] = 5;
  expect_error(document, "people[0]: expected an object, found 5");
}

}  // namespace
}  // namespace posenet::human::openpose

// SPDX-License-Identifier: Apache-2.0
#include "human/openpose.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/strings.h"
#include "human/json_node.h"

namespace posenet::human::openpose {
namespace {

// A keypoint of OpenPose: one of ours, or the midpoint of two.
struct BodyPart {
  constexpr BodyPart(Part part) : first(part), second(part) {}  // NOLINT(google-explicit-constructor): for the tables.
  constexpr BodyPart(Part a, Part b) : first(a), second(b) {}
  Part first;
  Part second;
};

constexpr BodyPart kNeck(Part::kLeftShoulder, Part::kRightShoulder);
constexpr BodyPart kMidHip(Part::kLeftHip, Part::kRightHip);

// In the order of their files. Those of BODY_25 end with six of the feet.
constexpr std::size_t kBody25Count = 25;
constexpr std::array<BodyPart, 19> kBody25 = {Part::kNose,
                                              kNeck,
                                              Part::kRightShoulder,
                                              Part::kRightElbow,
                                              Part::kRightWrist,
                                              Part::kLeftShoulder,
                                              Part::kLeftElbow,
                                              Part::kLeftWrist,
                                              kMidHip,
                                              Part::kRightHip,
                                              Part::kRightKnee,
                                              Part::kRightAnkle,
                                              Part::kLeftHip,
                                              Part::kLeftKnee,
                                              Part::kLeftAnkle,
                                              Part::kRightEye,
                                              Part::kLeftEye,
                                              Part::kRightEar,
                                              Part::kLeftEar};
constexpr std::array<BodyPart, 18> kCoco18 = {Part::kNose,          kNeck,
                                              Part::kRightShoulder, Part::kRightElbow,
                                              Part::kRightWrist,    Part::kLeftShoulder,
                                              Part::kLeftElbow,     Part::kLeftWrist,
                                              Part::kRightHip,      Part::kRightKnee,
                                              Part::kRightAnkle,    Part::kLeftHip,
                                              Part::kLeftKnee,      Part::kLeftAnkle,
                                              Part::kRightEye,      Part::kLeftEye,
                                              Part::kRightEar,      Part::kLeftEar};

constexpr std::array<std::string_view, 3> kKnownKeys = {"people", "pose_keypoints", "pose_keypoints_2d"};

bool IsDetected(const Keypoint& keypoint, float min_score) {
  return keypoint.score > 0.0F && keypoint.score >= min_score && std::isfinite(keypoint.position_px.x) &&
         std::isfinite(keypoint.position_px.y);
}

// The keypoint of `pose` that is `part`; zeros if it, or one of the two that it is between, is not detected.
Keypoint KeypointOf(const Pose& pose, const BodyPart& part, float min_score) {
  const Keypoint& a = pose[part.first];
  const Keypoint& b = pose[part.second];
  if (!IsDetected(a, min_score) || !IsDetected(b, min_score)) return {};
  return {
      .position_px = {.x = 0.5F * (a.position_px.x + b.position_px.x), .y = 0.5F * (a.position_px.y + b.position_px.y)},
      .score = std::min(a.score, b.score)};
}

void AppendKeypoint(std::string& json, const Keypoint& keypoint) {
  constexpr int kPositionDecimals = 3;
  constexpr int kScoreDecimals = 6;
  if (json.back() != '[') json += ',';
  if (keypoint.score <= 0.0F) {
    json += "0,0,0";
    return;
  }
  AppendFixed(json, keypoint.position_px.x, kPositionDecimals);
  json += ',';
  AppendFixed(json, keypoint.position_px.y, kPositionDecimals);
  json += ',';
  AppendFixed(json, keypoint.score, kScoreDecimals);
}

void AppendPerson(std::string& json, const Pose& pose, std::int64_t id, float min_keypoint_score) {
  json += base::StrCat(R"({"person_id":[)", id, R"(],"pose_keypoints_2d":[)");
  for (const BodyPart& part : kBody25) AppendKeypoint(json, KeypointOf(pose, part, min_keypoint_score));
  for (std::size_t i = kBody25.size(); i < kBody25Count; ++i) AppendKeypoint(json, {});
  json += ']';
  // Empty, but present in all files of this version, and some programs read them without asking.
  for (const char* const key :
       {"face_keypoints_2d", "hand_left_keypoints_2d", "hand_right_keypoints_2d", "pose_keypoints_3d",
        "face_keypoints_3d", "hand_left_keypoints_3d", "hand_right_keypoints_3d"}) {
    json += base::StrCat(",\"", key, "\":[]");
  }
  json += '}';
}

// The keypoints of a person, in OpenPose's order; version 1.0 and older have the shorter name.
JsonNode KeypointsOf(const JsonNode& person) {
  const JsonNode old = Member(person, "pose_keypoints");
  return old.value != nullptr ? old : Member(person, "pose_keypoints_2d");
}

Result<Pose> ReadPose(const JsonNode& numbers, std::span<const BodyPart> parts) {
  Pose pose;
  float score_sum = 0.0F;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    POSENET_ASSIGN_OR_RETURN(const double x, ReadNumber(Element(numbers, 3 * i)));
    POSENET_ASSIGN_OR_RETURN(const double y, ReadNumber(Element(numbers, 3 * i + 1)));
    POSENET_ASSIGN_OR_RETURN(const double score, ReadNonNegative(Element(numbers, 3 * i + 2)));
    if (parts[i].first != parts[i].second || score == 0.0) continue;
    pose[parts[i].first] = {.position_px = {.x = static_cast<float>(x), .y = static_cast<float>(y)},
                            .score = static_cast<float>(score)};
    score_sum += static_cast<float>(score);
  }
  pose.score = score_sum / kPartCount;
  return pose;
}

Result<std::vector<Pose>> ReadPeople(const JsonNode& people) {
  POSENET_RETURN_IF_ERROR(CheckArray(people));
  std::vector<Pose> poses;
  for (std::size_t i = 0; i < people.value->size(); ++i) {
    const JsonNode person = Element(people, i);
    POSENET_RETURN_IF_ERROR(CheckObject(person));
    const JsonNode numbers = KeypointsOf(person);
    POSENET_RETURN_IF_ERROR(CheckArray(numbers));
    const std::size_t count = numbers.value->size();
    if (count == 0) continue;  // A face or a hand without a body.
    if (count != 3 * kBody25Count && count != 3 * kCoco18.size()) {
      return Expected(numbers, "an array of 75 numbers (BODY_25) or 54 (COCO)");
    }
    const std::span<const BodyPart> parts =
        count == 3 * kBody25Count ? std::span<const BodyPart>(kBody25) : std::span<const BodyPart>(kCoco18);
    POSENET_ASSIGN_OR_RETURN(const Pose pose, ReadPose(numbers, parts));
    poses.push_back(pose);
  }
  return poses;
}

Result<std::vector<Pose>> ReadPoses(const nlohmann::json& document) {
  const JsonNode root = {.value = &document};
  POSENET_RETURN_IF_ERROR(CheckObject(root));
  return ReadPeople(Member(root, "people"));
}

}  // namespace

std::string FrameFileName(std::string_view video_name, std::int64_t frame_number) {
  constexpr std::size_t kDigits = 12;
  const std::string digits = std::to_string(frame_number);
  const std::string zeros(kDigits - std::min(kDigits, digits.size()), '0');
  return base::StrCat(video_name, "_", zeros, digits, kFileSuffix);
}

std::string PosesToJson(std::span<const Pose> poses, std::span<const std::int64_t> ids, float min_keypoint_score) {
  std::string json = R"({"version":1.3,"people":[)";
  for (std::size_t i = 0; i < poses.size(); ++i) {
    if (i > 0) json += ',';
    AppendPerson(json, poses[i], i < ids.size() ? ids[i] : -1, min_keypoint_score);
  }
  return json + "]}\n";
}

Result<std::vector<Pose>> ParsePoses(std::string_view json, std::string_view name) {
  const Result<nlohmann::json> document = ParseJson(json, kKnownKeys);
  if (!document) return base::FailIn(document.error(), base::Printable(name));
  Result<std::vector<Pose>> poses = ReadPoses(*document);
  if (!poses) return base::FailIn(poses.error(), base::Printable(name));
  return poses;
}

}  // namespace posenet::human::openpose

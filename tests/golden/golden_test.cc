// SPDX-License-Identifier: Apache-2.0
// Our answers for real photos against those of TensorFlow.js PoseNet (README.md beside this file).
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "media/image_file.h"
#include "posenet/human.h"

namespace posenet {
namespace {

namespace fs = std::filesystem;

constexpr float kConfident = 0.5F;      // Score from which a keypoint's position is compared.
constexpr double kSingleLimitPx = 1.0;  // In pixels of the photo.
constexpr double kMultiLimitPx = 2.0;
constexpr double kScoreLimit = 0.01;

struct GoldenSet {
  const char* name;
  fs::path answers;
  fs::path photos;

  // How GoogleTest names it.
  friend std::ostream& operator<<(std::ostream& out, const GoldenSet& set) { return out << set.name; }
};

Pose PoseFromJson(const nlohmann::json& json) {
  Pose pose;
  pose.score = json.at("score");
  for (std::size_t k = 0; k < kPartCount; ++k) {
    const auto& keypoint = json.at("keypoints").at(k);
    pose.keypoints[k] = {.position_px = {keypoint.at("position").at("x"), keypoint.at("position").at("y")},
                         .score = keypoint.at("score")};
  }
  return pose;
}

double DistancePx(const Keypoint& a, const Keypoint& b) {
  return std::hypot(a.position_px.x - b.position_px.x, a.position_px.y - b.position_px.y);
}

bool ConfidentKeypointsAgree(const Pose& golden, const Pose& ours) {
  for (std::size_t k = 0; k < kPartCount; ++k) {
    if (golden.keypoints[k].score >= kConfident && DistancePx(golden.keypoints[k], ours.keypoints[k]) > kMultiLimitPx) {
      return false;
    }
  }
  return true;
}

// Counts over a whole set of photos.
struct Agreement {
  int photos = 0;
  int photos_with_same_count = 0;
  int keypoints = 0;
  int keypoints_near = 0;
  int scores = 0;
  int scores_near = 0;
  int poses = 0;
  int poses_matched = 0;

  void AddSingle(const Pose& golden, const Pose& ours) {
    for (std::size_t k = 0; k < kPartCount; ++k) {
      ++scores;
      scores_near += std::abs(golden.keypoints[k].score - ours.keypoints[k].score) <= kScoreLimit ? 1 : 0;
      if (golden.keypoints[k].score < kConfident) continue;
      ++keypoints;
      keypoints_near += DistancePx(golden.keypoints[k], ours.keypoints[k]) <= kSingleLimitPx ? 1 : 0;
    }
  }

  void AddMultiple(const std::vector<Pose>& golden, const std::vector<Pose>& ours) {
    photos_with_same_count += golden.size() == ours.size() ? 1 : 0;
    for (const Pose& pose : golden) {
      ++poses;
      poses_matched +=
          std::ranges::any_of(ours, [&](const Pose& o) { return ConfidentKeypointsAgree(pose, o); }) ? 1 : 0;
    }
  }
};

class GoldenTest : public ::testing::TestWithParam<GoldenSet> {};

TEST_P(GoldenTest, AgreesWithTensorFlowJs) {
  const fs::path model_file = fs::path(POSENET_SOURCE_DIR) / "models/mobilenet100.safetensors";
  if (!fs::exists(model_file)) GTEST_SKIP() << "no " << model_file << "; scripts/fetch-models makes it";
  const auto golden = nlohmann::json::parse(std::ifstream(GetParam().answers));
  const auto model = Model::Load(model_file);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  PoseEstimatorOptions options{.input_width_px = golden.at("inputResolution").at("width"),
                               .input_height_px = golden.at("inputResolution").at("height"),
                               .decoder = PoseDecoder::kTfjsMultiple};
  const auto multiple = PoseEstimator::Create(*model, options);
  options.decoder = PoseDecoder::kTfjsSingle;
  const auto single = PoseEstimator::Create(*model, options);
  ASSERT_TRUE(single.has_value() && multiple.has_value());

  Agreement agreement;
  for (const auto& [name, answer] : golden.at("images").items()) {
    fs::path photo = GetParam().photos / name;
    if (!fs::exists(photo)) photo = fs::path(POSENET_EXTRA_DATA_DIR) / "coral" / name;
    const auto image = media::ReadImageFile(photo);
    ASSERT_TRUE(image.has_value()) << image.error().message;
    const auto one = single->Estimate(image->View());
    const auto several = multiple->Estimate(image->View());
    ASSERT_TRUE(one.has_value() && several.has_value());
    ASSERT_EQ(one->size(), 1U);
    std::vector<Pose> golden_poses;
    for (const auto& pose : answer.at("multi")) golden_poses.push_back(PoseFromJson(pose));
    ++agreement.photos;
    agreement.AddSingle(PoseFromJson(answer.at("single")), one->front());
    agreement.AddMultiple(golden_poses, *several);
  }
  RecordProperty("keypoints", agreement.keypoints);
  RecordProperty("keypoints_near", agreement.keypoints_near);
  RecordProperty("poses", agreement.poses);
  RecordProperty("poses_matched", agreement.poses_matched);
  EXPECT_GT(agreement.keypoints, 0);
  EXPECT_GT(agreement.poses, 0);
  EXPECT_GE(agreement.keypoints_near, 0.95 * agreement.keypoints) << agreement.keypoints;
  EXPECT_GE(agreement.scores_near, 0.99 * agreement.scores) << agreement.scores;
  EXPECT_GE(agreement.poses_matched, 0.98 * agreement.poses) << agreement.poses;
  EXPECT_GE(agreement.photos_with_same_count, 0.97 * agreement.photos) << agreement.photos;
}

// The sample photos of the package of the weights, which everybody has, and COCO's photos if the development data is
// there: its photos may not be redistributed.
std::vector<GoldenSet> GoldenSets() {
  const fs::path source = POSENET_SOURCE_DIR;
  const fs::path golden = source / "tests/golden";
  const fs::path samples = source / "models/node_modules/weights-mobilenet100/assets";
  std::vector<GoldenSet> sets = {
      {.name = "Samples257", .answers = golden / "tfjs_mobilenet100_257x257_samples.json", .photos = samples},
      {.name = "Samples513", .answers = golden / "tfjs_mobilenet100_513x513_samples.json", .photos = samples},
      {.name = "Samples641x481", .answers = golden / "tfjs_mobilenet100_641x481_samples.json", .photos = samples}};
  const fs::path extra = POSENET_EXTRA_DATA_DIR;
  const fs::path coco = extra / "coco/images";
  if (fs::exists(coco)) {
    sets.push_back({.name = "Coco257", .answers = extra / "golden/tfjs_mobilenet100_s16_257x257.json", .photos = coco});
    sets.push_back({.name = "Coco513", .answers = extra / "golden/tfjs_mobilenet100_s16_513x513.json", .photos = coco});
    sets.push_back(
        {.name = "Coco641x481", .answers = extra / "golden/tfjs_mobilenet100_s16_641x481.json", .photos = coco});
  }
  return sets;
}

INSTANTIATE_TEST_SUITE_P(Sets, GoldenTest, ::testing::ValuesIn(GoldenSets()),
                         [](const auto& param_info) { return std::string(param_info.param.name); });

}  // namespace
}  // namespace posenet

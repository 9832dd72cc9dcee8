// SPDX-License-Identifier: Apache-2.0
// Poses in Coral's photo by Coral's uint8 models against those that Coral recorded (README.md beside this file).
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "import/import.h"
#include "media/image_file.h"
#include "model/model_spec.h"
#include "posenet/human.h"

namespace posenet {
namespace {

namespace fs = std::filesystem;

// What Coral recorded is in pixels of this input.
constexpr int kInputWidthPx = 481;
constexpr int kInputHeightPx = 353;

struct CoralCase {
  const char* name;
  const char* model;
  float least_score;  // Of keypoints that are compared.
  double limit_px;    // In pixels of the input.
  double score_limit;

  friend std::ostream& operator<<(std::ostream& out, const CoralCase& c) { return out << c.name; }
};

// Rows of pose_id,pose_score,keypoint_label,keypoint_score,keypoint_x,keypoint_y; 17 a pose, in the order of the parts.
std::vector<Pose> ReadReference(const fs::path& file) {
  std::vector<Pose> poses;
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  for (int row = 0; std::getline(stream, line); ++row) {
    std::array<std::string, 6> cells;
    std::istringstream cell_stream(line);
    for (std::string& cell : cells) std::getline(cell_stream, cell, ',');
    if (row % kPartCount == 0) poses.emplace_back().score = std::stof(cells[1]);
    Keypoint& keypoint = poses.back().keypoints[static_cast<std::size_t>(row % kPartCount)];
    keypoint = {.position_px = {std::stof(cells[4]), std::stof(cells[5])}, .score = std::stof(cells[3])};
  }
  return poses;
}

class CoralGoldenTest : public ::testing::TestWithParam<CoralCase> {};

TEST_P(CoralGoldenTest, AgreesWithCoral) {
  const CoralCase& golden = GetParam();
  const fs::path folder = fs::path(POSENET_EXTRA_DATA_DIR) / "coral";
  const fs::path file = folder / golden.model;
  if (!fs::exists(file)) {
    GTEST_SKIP() << "needs the development data in " << folder << " (of github.com/google-coral/project-posenet)";
  }
  const std::vector<Pose> expected =
      ReadReference(folder / "posenet_mobilenet_v1_075_353_481_quant_decoder_reference.csv");
  ASSERT_EQ(expected.size(), 2U);
  auto imported = importer::ImportModel(file);
  ASSERT_TRUE(imported.has_value()) << imported.error().message;
  const auto model = model::MakeModel(*std::move(imported));
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const auto estimator = PoseEstimator::Create(*model);
  ASSERT_TRUE(estimator.has_value()) << estimator.error().message;
  const auto image = media::ReadImageFile(folder / "test_couple.jpg");
  ASSERT_TRUE(image.has_value()) << image.error().message;
  const auto poses = estimator->Estimate(image->View());
  ASSERT_TRUE(poses.has_value()) << poses.error().message;
  ASSERT_EQ(poses->size(), expected.size());

  const double scale_x = static_cast<double>(kInputWidthPx) / image->width_px;
  const double scale_y = static_cast<double>(kInputHeightPx) / image->height_px;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR((*poses)[i].score, expected[i].score, golden.score_limit);
    for (std::size_t part = 0; part < kPartCount; ++part) {
      SCOPED_TRACE(std::string(kPartNames[part]) + " of person " + std::to_string(i));
      const Keypoint& ours = (*poses)[i].keypoints[part];
      const Keypoint& theirs = expected[i].keypoints[part];
      if (theirs.score < golden.least_score) continue;
      EXPECT_LE(std::hypot(ours.position_px.x * scale_x - theirs.position_px.x,
                           ours.position_px.y * scale_y - theirs.position_px.y),
                golden.limit_px);
      EXPECT_NEAR(ours.score, theirs.score, golden.score_limit);
    }
  }
}

// Coral allows itself 4 px and 0.1. The answers of these models move by up to 2 px and 0.05 when the last bit of some
// pixels changes (another JPEG decoder), so that nothing below is to be had without Coral's own.
// The model without the decoder rounds its maps to other steps, and its offsets end at 10 px: it answers differently
// by itself where it is unsure.
INSTANTIATE_TEST_SUITE_P(
    Models, CoralGoldenTest,
    ::testing::Values(CoralCase{"WithDecoder", "posenet_mobilenet_v1_075_353_481_quant_decoder.tflite", 0.0F, 1.0,
                                0.03},
                      CoralCase{"WithoutDecoder", "posenet_mobilenet_v1_075_353_481_quant.tflite", 0.6F, 2.5, 0.03}),
    [](const auto& param_info) { return std::string(param_info.param.name); });

}  // namespace
}  // namespace posenet

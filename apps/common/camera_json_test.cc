// SPDX-License-Identifier: Apache-2.0
#include "common/camera_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace posenet::app {
namespace {

constexpr ImageInfo kPhotoWithComma = {.name = "a,b.jpg", .width_px = 640, .height_px = 480};

// Rotated by 180 degrees about x.
CameraEstimate TestEstimate() {
  CameraEstimate estimate;
  estimate.pose = {.position = {1.5, -2.0, 0.1234567}, .rotation_wxyz = {0.0, 1.0, 0.0, 0.0}};
  return estimate;
}

nlohmann::json Parsed(const CameraEstimate& estimate, JsonLayout layout) {
  return nlohmann::json::parse(CameraPoseToJson(kPhotoWithComma, estimate, LengthUnit::kMeters, 12.5, layout));
}

TEST(CameraPoseToJson, HasPositionQuaternionAndMatrix) {
  const nlohmann::json json = Parsed(TestEstimate(), JsonLayout::kLine);
  EXPECT_EQ(json["image"], "a,b.jpg");
  EXPECT_EQ(json["width"], 640);
  EXPECT_EQ(json["position"], nlohmann::json({1.5, -2, 0.123457}));
  EXPECT_EQ(json["quaternion"], nlohmann::json({0, 1, 0, 0}));
  EXPECT_EQ(json["world_from_cam"][1], nlohmann::json({0, -1, 0, -2}));
  EXPECT_EQ(json["world_from_cam"][3], nlohmann::json({0, 0, 0, 1}));
  EXPECT_EQ(json["milliseconds"], 12.5);
  EXPECT_FALSE(json.contains("uncertainty"));
}

TEST(CameraPoseToJson, IsEqualInBothLayouts) {
  CameraEstimate estimate = TestEstimate();
  estimate.uncertainty = {.position_std = {0.1, 0.2, 0.3}, .position_total_std = 0.4, .rotation_std_deg = 5.0};
  const nlohmann::json line = Parsed(estimate, JsonLayout::kLine);
  EXPECT_EQ(line, Parsed(estimate, JsonLayout::kPretty));
  EXPECT_EQ(line["uncertainty"]["rotation_deg"], 5);
}

TEST(CameraPoseToCsv, HasTheFieldsOfTheHeaderInEveryRow) {
  CameraEstimate certain = TestEstimate();
  CameraEstimate uncertain = TestEstimate();
  uncertain.uncertainty = CameraUncertainty{};
  const auto separators = [](std::string_view row) { return std::ranges::count(row, ','); };
  // The name of the photo has a comma.
  EXPECT_EQ(separators(CameraPoseToCsv(kPhotoWithComma, certain)), separators(kCameraCsvHeader) + 1);
  EXPECT_EQ(separators(CameraPoseToCsv(kPhotoWithComma, uncertain)), separators(kCameraCsvHeader) + 1);
  EXPECT_EQ(separators(CameraErrorToCsv("a.jpg", "is empty")), separators(kCameraCsvHeader));
}

}  // namespace
}  // namespace posenet::app

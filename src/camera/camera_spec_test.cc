// SPDX-License-Identifier: Apache-2.0
#include "camera/camera_spec.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "base/testing/matchers.h"

namespace posenet::camera {
namespace {

using Json = nlohmann::json;

// No field has its default value.
CameraSpec EverySpec() {
  return {.rotation = RotationParameters::kLogQuaternion,
          .origin = {0.1, -2e5, 1e-300},
          .scale = 1.0 / 3.0,
          .base_rotation_wxyz = {0.6, 0.0, -0.8, 0.0},
          .length_unit = LengthUnit::kArbitrary,
          .scene = "kitchen",
          .crop_share = 0.875,
          .sequence_length = 7};
}

TEST(CameraSpec, ReadsBackEqual) {
  EXPECT_EQ(ParseCameraSpec(CameraSpecToJson(EverySpec())), EverySpec());
  EXPECT_EQ(ParseCameraSpec(CameraSpecToJson({})), CameraSpec());
}

TEST(CameraSpec, ErrorsNameTheValue) {
  struct Damage {
    const char* pointer;  // JSON pointer of the value to replace.
    const char* value;
    ErrorCode code;
    const char* message;
  };
  constexpr auto kCorrupt = ErrorCode::kCorruptData;
  const Damage kDamages[] = {
      {"/scale", "0", kCorrupt, "camera.scale: expected a number above 0"},
      {"/origin", "[1, 2]", kCorrupt, "camera.origin: expected an array of 3"},
      {"/rotation", "\"euler\"", kCorrupt, "camera.rotation: expected one of \"quaternion\""},
      {"/base_rotation/0", "0.61", kCorrupt, "camera.base_rotation: expected a unit quaternion"},
      {"/lengths", "\"feet\"", kCorrupt, "camera.lengths: expected one of \"meters\""},
      {"/crop_share", "1.5", kCorrupt, "camera.crop_share: expected a number above 0, up to 1"},
      {"/sequence_length", "1001", kCorrupt, "camera.sequence_length: expected a whole number from 1 to 1000"},
      {"/tilt", "1", ErrorCode::kUnsupported, "camera.tilt: is an unknown key"},
  };
  const Json good = Json::parse(CameraSpecToJson(EverySpec()));
  for (const Damage& damage : kDamages) {
    Json damaged = good;
    damaged[Json::json_pointer(damage.pointer)] = Json::parse(damage.value);
    EXPECT_THAT(ParseCameraSpec(damaged.dump()), base::FailsWith(damage.code, damage.message)) << damage.pointer;
  }
}

TEST(CameraSpec, AcceptsTheOldNamesOfUnits) {
  Json json = Json::parse(CameraSpecToJson(EverySpec()));
  EXPECT_EQ(json["lengths"], "arbitrary");
  json["lengths"] = "unknown";
  EXPECT_EQ(ParseCameraSpec(json.dump()), EverySpec());
  json = Json::parse(CameraSpecToJson({}));
  EXPECT_EQ(json["lengths"], "meters");
  json["lengths"] = "metres";
  EXPECT_EQ(ParseCameraSpec(json.dump()), CameraSpec());
}

TEST(CameraSpec, RequiresEveryField) {
  const Json good = Json::parse(CameraSpecToJson(EverySpec()));
  for (const auto& [key, value] : good.items()) {
    Json damaged = good;
    damaged.erase(key);
    EXPECT_THAT(ParseCameraSpec(damaged.dump()),
                base::FailsWith(ErrorCode::kCorruptData, "camera." + key + ": is missing"));
  }
  EXPECT_THAT(ParseCameraSpec(""), base::FailsWith(ErrorCode::kCorruptData, "not valid JSON"));
}

TEST(CameraSpec, NumbersThatAreNotFiniteDoNotParse) {
  CameraSpec spec;
  spec.origin[1] = std::numeric_limits<double>::infinity();
  EXPECT_THAT(ParseCameraSpec(CameraSpecToJson(spec)),
              base::FailsWith(ErrorCode::kCorruptData, "camera.origin[1]: expected a finite number"));
}

}  // namespace
}  // namespace posenet::camera

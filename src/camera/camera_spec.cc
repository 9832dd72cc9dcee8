// SPDX-License-Identifier: Apache-2.0
#include "camera/camera_spec.h"

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/error.h"
#include "model/json_names.h"
#include "model/json_reader.h"

namespace posenet::camera {
namespace {

constexpr std::pair<std::string_view, RotationParameters> kRotations[] = {
    {"quaternion", RotationParameters::kQuaternion}, {"log_quaternion", RotationParameters::kLogQuaternion}};
// Written with the first name of each. The last two are those of older files.
constexpr std::pair<std::string_view, LengthUnit> kLengths[] = {{"meters", LengthUnit::kMeters},
                                                                {"arbitrary", LengthUnit::kArbitrary},
                                                                {"metres", LengthUnit::kMeters},
                                                                {"unknown", LengthUnit::kArbitrary}};

template <std::size_t kSize>
std::array<double, kSize> ReadNumbers(const model::JsonNode& node) {
  std::array<double, kSize> numbers = {};
  if (node.ArraySize(kSize, kSize) != kSize) return numbers;
  for (std::size_t i = 0; i < kSize; ++i) numbers[i] = node.Element(i).Double();
  return numbers;
}

bool IsUnit(const std::array<double, 4>& quaternion) {
  double squares = 0.0;
  for (const double number : quaternion) squares += number * number;
  return std::abs(std::sqrt(squares) - 1.0) <= 1e-6;
}

CameraSpec ReadSpec(const model::JsonNode& node) {
  node.AllowOnly({"scene", "rotation", "origin", "scale", "base_rotation", "lengths", "crop_share", "sequence_length"});
  CameraSpec spec;
  spec.scene = node.Member("scene").String();
  spec.rotation = node.Member("rotation").Choice<RotationParameters>(kRotations);
  spec.origin = ReadNumbers<3>(node.Member("origin"));
  spec.scale = node.Member("scale").Double();
  if (!(spec.scale > 0.0)) node.Member("scale").Expected("a number above 0");
  spec.base_rotation_wxyz = ReadNumbers<4>(node.Member("base_rotation"));
  if (!IsUnit(spec.base_rotation_wxyz)) node.Member("base_rotation").Expected("a unit quaternion");
  spec.length_unit = node.Member("lengths").Choice<LengthUnit>(kLengths);
  spec.crop_share = node.Member("crop_share").Double();
  if (!(spec.crop_share > 0.0 && spec.crop_share <= 1.0)) {
    node.Member("crop_share").Expected("a number above 0, up to 1");
  }
  spec.sequence_length = node.Member("sequence_length").Int(1, kMaxSequenceLength);
  return spec;
}

}  // namespace

std::string_view LengthUnitName(LengthUnit unit) { return model::NameOf<LengthUnit>(kLengths, unit); }

std::string CameraSpecToJson(const CameraSpec& spec) {
  using Json = nlohmann::ordered_json;
  const Json json = {{"scene", spec.scene},
                     {"rotation", model::NameOf<RotationParameters>(kRotations, spec.rotation)},
                     {"origin", spec.origin},
                     {"scale", spec.scale},
                     {"base_rotation", spec.base_rotation_wxyz},
                     {"lengths", LengthUnitName(spec.length_unit)},
                     {"crop_share", spec.crop_share},
                     {"sequence_length", spec.sequence_length}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<CameraSpec> ParseCameraSpec(std::string_view json) {
  POSENET_ASSIGN_OR_RETURN(const nlohmann::json document, model::ParseStrictJson(json));
  std::optional<Error> error;
  CameraSpec spec = ReadSpec(model::JsonNode(document, error, "camera"));
  if (error) return tl::unexpected(*error);
  return spec;
}

}  // namespace posenet::camera

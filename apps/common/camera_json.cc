// SPDX-License-Identifier: Apache-2.0
#include "common/camera_json.h"

#include <array>
#include <cstddef>
#include <span>

#include "base/strings.h"
#include "camera/camera_spec.h"
#include "camera/network_pose.h"
#include "common/csv_text.h"
#include "common/json_breaks.h"
#include "common/numbers.h"

namespace posenet::app {
namespace {

// A micrometer if lengths are in meters; networks compute seven digits.
constexpr int kJsonLengthDecimals = 6;
// A hundred-millionth of a radian, so that matrices are orthogonal to seven digits.
constexpr int kRotationDecimals = 8;
constexpr int kJsonAngleDecimals = 4;
constexpr int kTimeDecimals = 3;

std::string NumberList(std::span<const double> numbers, int decimals) {
  std::string list = "[";
  for (const double number : numbers) {
    list += base::StrCat(list.size() > 1 ? ", " : "", FormatJsonNumber(number, decimals));
  }
  return list + "]";
}

std::string Matrix(const CameraPose& pose, const Breaks& breaks) {
  const std::array<double, 16> matrix = camera::Matrix4(camera::RigidPoseOf(pose));
  std::string rows = "[";
  for (std::size_t row = 0; row < 4; ++row) {
    const std::span<const double> numbers = std::span(matrix).subspan(4 * row, 4);
    std::string list = "[";
    for (std::size_t column = 0; column < 4; ++column) {
      list += base::StrCat(column > 0 ? ", " : "",
                           FormatJsonNumber(numbers[column], column == 3 ? kJsonLengthDecimals : kRotationDecimals));
    }
    rows += base::StrCat(row > 0 ? "," : "", breaks.At(2, row > 0 ? " " : ""), list, "]");
  }
  return rows + breaks.At(1) + "]";
}

std::string UncertaintyJson(const CameraUncertainty& uncertainty) {
  return base::StrCat("{\"position\": ", NumberList(uncertainty.position_std, kJsonLengthDecimals),
                      ", \"position_total\": ", FormatJsonNumber(uncertainty.position_total_std, kJsonLengthDecimals),
                      ", \"rotation_deg\": ", FormatJsonNumber(uncertainty.rotation_std_deg, kJsonAngleDecimals), "}");
}

}  // namespace

std::string CameraPoseToJson(const ImageInfo& image, const CameraEstimate& estimate, LengthUnit units,
                             double milliseconds, JsonLayout layout) {
  const Breaks breaks(layout);
  std::string out = "{";
  const auto member = [&](std::string_view name, const std::string& value) {
    out += base::StrCat(out.size() > 1 ? "," : "", breaks.At(1, out.size() > 1 ? " " : ""), "\"", name, "\": ", value);
  };
  if (!image.name.empty()) member("image", JsonString(image.name));
  member("width", std::to_string(image.width_px));
  member("height", std::to_string(image.height_px));
  member("position", NumberList(estimate.pose.position, kJsonLengthDecimals));
  member("quaternion", NumberList(estimate.pose.rotation_wxyz, kRotationDecimals));
  member("world_from_cam", Matrix(estimate.pose, breaks));
  member("units", JsonString(camera::LengthUnitName(units)));
  if (estimate.uncertainty) member("uncertainty", UncertaintyJson(*estimate.uncertainty));
  member("milliseconds", FormatJsonNumber(milliseconds, kTimeDecimals));
  return out + breaks.At(0) + "}\n";
}

std::string CameraPoseToCsv(const ImageInfo& image, const CameraEstimate& estimate) {
  std::string row = base::StrCat(CsvText(image.name), ",", image.width_px, ",", image.height_px);
  for (const double number : estimate.pose.position) row += base::StrCat(",", CsvNumber(number, kJsonLengthDecimals));
  for (const double number : estimate.pose.rotation_wxyz)
    row += base::StrCat(",", CsvNumber(number, kRotationDecimals));
  if (estimate.uncertainty) {
    row += base::StrCat(",", CsvNumber(estimate.uncertainty->position_total_std, kJsonLengthDecimals), ",",
                        CsvNumber(estimate.uncertainty->rotation_std_deg, kJsonAngleDecimals), ",\n");
  } else {
    row += ",,,\n";
  }
  return row;
}

std::string CameraErrorToCsv(std::string_view name, std::string_view message) {
  return base::StrCat(CsvText(name), ",,,,,,,,,,,,", CsvText(message), "\n");
}

}  // namespace posenet::app

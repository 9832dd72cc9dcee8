// SPDX-License-Identifier: Apache-2.0
#include "human/movenet_maps.h"

#include "base/error.h"

namespace posenet::human::decode {

Result<void> CheckMoveNetSingleMaps(const MoveNetMaps& maps) {
  POSENET_RETURN_IF_ERROR(CheckMapSize(maps.height, maps.width));
  const auto check = [&maps](const MapView& map, int channels, const char* name) {
    return CheckMap(map, maps.height, maps.width, channels, name);
  };
  POSENET_RETURN_IF_ERROR(check(maps.center, 1, "center"));
  POSENET_RETURN_IF_ERROR(check(maps.keypoint_heatmap, kPartCount, "keypoint_heatmap"));
  POSENET_RETURN_IF_ERROR(check(maps.keypoint_regression, 2 * kPartCount, "keypoint_regression"));
  return check(maps.keypoint_offset, 2 * kPartCount, "keypoint_offset");
}

Result<void> CheckMoveNetMultiMaps(const MoveNetMaps& maps) {
  POSENET_RETURN_IF_ERROR(CheckMoveNetSingleMaps(maps));
  POSENET_RETURN_IF_ERROR(CheckMap(maps.box_offset, maps.height, maps.width, 2, "box_offset"));
  return CheckMap(maps.box_scale, maps.height, maps.width, 2, "box_scale");
}

}  // namespace posenet::human::decode

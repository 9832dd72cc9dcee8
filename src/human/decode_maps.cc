// SPDX-License-Identifier: Apache-2.0
#include "human/decode_maps.h"

#include <cstdint>
#include <limits>

#include "base/error.h"

namespace posenet::human::decode {
namespace {

Result<void> CheckSizes(const PoseMaps& maps) {
  POSENET_RETURN_IF_ERROR(CheckMapSize(maps.height, maps.width));
  if (maps.output_stride < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "maps: output_stride is ", maps.output_stride, "; expected 1 to ",
                      kMaxPoses);
  }
  return {};
}

}  // namespace

Result<void> CheckMapSize(int height, int width) {
  if (height < 1 || width < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "maps: ", height, "x", width, " cells; expected at least 1x1");
  }
  return {};
}

Result<void> CheckMap(const MapView& map, int height, int width, int channels, const char* name) {
  if (map.data == nullptr) return base::Fail(ErrorCode::kInvalidArgument, "maps: ", name, " is null");
  if (map.pixel_stride != 0 && map.pixel_stride < channels) {
    return base::Fail(ErrorCode::kInvalidArgument, "maps: ", name, " has a pixel_stride of ", map.pixel_stride,
                      "; expected 0, or at least the ", channels, " channels");
  }
  const std::int64_t cells = std::int64_t{height} * width;
  const std::int64_t max_floats = std::numeric_limits<std::ptrdiff_t>::max() / std::int64_t{sizeof(float)};
  if (std::int64_t{map.pixel_stride != 0 ? map.pixel_stride : channels} > max_floats / cells) {
    return base::Fail(ErrorCode::kInvalidArgument, "maps: ", name, " of ", height, "x", width,
                      " cells does not fit into memory");
  }
  return {};
}

Result<void> CheckSinglePoseMaps(const PoseMaps& maps) {
  POSENET_RETURN_IF_ERROR(CheckSizes(maps));
  POSENET_RETURN_IF_ERROR(CheckMap(maps.heatmap, maps.height, maps.width, kPartCount, "heatmap"));
  POSENET_RETURN_IF_ERROR(CheckMap(maps.offsets, maps.height, maps.width, 2 * kPartCount, "offsets"));
  return {};
}

Result<void> CheckMultiPoseMaps(const PoseMaps& maps) {
  POSENET_RETURN_IF_ERROR(CheckSinglePoseMaps(maps));
  POSENET_RETURN_IF_ERROR(CheckMap(maps.displacement_fwd, maps.height, maps.width, 2 * kEdgeCount, "displacement_fwd"));
  POSENET_RETURN_IF_ERROR(CheckMap(maps.displacement_bwd, maps.height, maps.width, 2 * kEdgeCount, "displacement_bwd"));
  return {};
}

Result<void> CheckMultiPoseOptions(const MultiPoseOptions& options) {
  if (options.max_poses < 1 || options.max_poses > kMaxPoses) {
    return base::Fail(ErrorCode::kInvalidArgument, "max_poses is ", options.max_poses, "; expected 1 to ", kMaxPoses);
  }
  if (!(options.score_threshold >= 0.0F && options.score_threshold <= 1.0F)) {
    return base::Fail(ErrorCode::kInvalidArgument, "score_threshold is ", options.score_threshold, "; expected 0 to 1");
  }
  if (!(options.nms_radius_px > 0.0F && std::isfinite(options.nms_radius_px))) {
    return base::Fail(ErrorCode::kInvalidArgument, "nms_radius_px is ", options.nms_radius_px,
                      "; expected a finite number above 0");
  }
  return {};
}

}  // namespace posenet::human::decode

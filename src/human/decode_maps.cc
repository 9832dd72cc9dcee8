// SPDX-License-Identifier: Apache-2.0
#include "human/decode_maps.h"

#include <cstdint>
#include <limits>

#include "base/error.h"

namespace posenet::human::decode {
namespace {

Result<void> CheckSizes(const PoseMaps& maps) {
  if (maps.height < 1 || maps.width < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "maps: ", maps.height, "x", maps.width,
                      " cells; expected at least 1x1");
  }
  if (maps.output_stride < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "maps: output_stride is ", maps.output_stride, "; expected 1 to ",
                      kMaxPoses);
  }
  return {};
}

Result<void> CheckMap(const PoseMaps& maps, const MapView& map, int channels, const char* name) {
  if (map.data == nullptr) return base::Fail(ErrorCode::kInvalidArgument, "maps: ", name, " is null");
  if (map.pixel_stride != 0 && map.pixel_stride < channels) {
    return base::Fail(ErrorCode::kInvalidArgument, "maps: ", name, " has a pixel_stride of ", map.pixel_stride,
                      "; expected 0, or at least the ", channels, " channels");
  }
  const std::int64_t cells = std::int64_t{maps.height} * maps.width;
  const std::int64_t max_floats = std::numeric_limits<std::ptrdiff_t>::max() / std::int64_t{sizeof(float)};
  if (std::int64_t{map.pixel_stride != 0 ? map.pixel_stride : channels} > max_floats / cells) {
    return base::Fail(ErrorCode::kInvalidArgument, "maps: ", name, " of ", maps.height, "x", maps.width,
                      " cells does not fit into memory");
  }
  return {};
}

}  // namespace

Result<void> CheckSinglePoseMaps(const PoseMaps& maps) {
  POSENET_RETURN_IF_ERROR(CheckSizes(maps));
  POSENET_RETURN_IF_ERROR(CheckMap(maps, maps.heatmap, kPartCount, "heatmap"));
  POSENET_RETURN_IF_ERROR(CheckMap(maps, maps.offsets, 2 * kPartCount, "offsets"));
  return {};
}

Result<void> CheckMultiPoseMaps(const PoseMaps& maps) {
  POSENET_RETURN_IF_ERROR(CheckSinglePoseMaps(maps));
  POSENET_RETURN_IF_ERROR(CheckMap(maps, maps.displacement_fwd, 2 * kEdgeCount, "displacement_fwd"));
  POSENET_RETURN_IF_ERROR(CheckMap(maps, maps.displacement_bwd, 2 * kEdgeCount, "displacement_bwd"));
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

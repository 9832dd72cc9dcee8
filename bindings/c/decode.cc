// SPDX-License-Identifier: Apache-2.0
// Decoders for the maps of any runtime.
#include "posenet/decode.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "decode_options.h"
#include "errors.h"
#include "posenet/c/decode.h"
#include "posenet/human.h"
#include "posenet/movenet.h"
#include "posenet/pose.h"
#include "poses.h"
#include "structs.h"

namespace posenet::c {
namespace {

static_assert(POSENET_MAX_POSES == kMaxPoses);
static_assert(POSENET_DECODER_TFJS_SINGLE == static_cast<int>(PoseDecoder::kTfjsSingle));
static_assert(POSENET_DECODER_TFJS_MULTIPLE == static_cast<int>(PoseDecoder::kTfjsMultiple));
static_assert(POSENET_DECODER_CORAL == static_cast<int>(PoseDecoder::kCoral));
static_assert(POSENET_DECODER_HOUGH == static_cast<int>(PoseDecoder::kHough));
static_assert(POSENET_DECODER_MOVENET_SINGLE == static_cast<int>(PoseDecoder::kMoveNetSingle));
static_assert(POSENET_DECODER_MOVENET_MULTIPLE == static_cast<int>(PoseDecoder::kMoveNetMultiple));
static_assert(POSENET_MIRROR_NONE == static_cast<int>(Mirror::kNone));
static_assert(POSENET_MIRROR_HORIZONTAL == static_cast<int>(Mirror::kHorizontal));
static_assert(POSENET_HEATMAP_LOGITS == static_cast<int>(HeatmapKind::kLogits));
static_assert(POSENET_HEATMAP_PROBABILITIES == static_cast<int>(HeatmapKind::kProbabilities));

constexpr posenet_decode_options kDecodeDefaults = {.struct_size = sizeof(posenet_decode_options),
                                                    .decoder = POSENET_DEFAULT,
                                                    .max_poses = POSENET_DEFAULT,
                                                    .score_threshold = POSENET_DEFAULT,
                                                    .nms_radius_px = POSENET_DEFAULT,
                                                    .mirror = POSENET_DEFAULT,
                                                    .reserved = 0};

Result<MapView> ToMapView(const posenet_map& map, std::string_view name) {
  if (reinterpret_cast<std::uintptr_t>(map.data) % alignof(float) != 0) {
    return base::Fail(ErrorCode::kInvalidArgument, name, ": data is not aligned to ", alignof(float), " bytes");
  }
  return MapView{.data = map.data, .pixel_stride = map.pixel_stride};
}

Result<PoseMaps> ToMaps(const posenet_maps* given) {
  POSENET_ASSIGN_OR_RETURN(const posenet_maps maps, Read(given, "posenet_maps", {}));
  PoseMaps view = {.height = maps.height, .width = maps.width, .output_stride = maps.output_stride};
  POSENET_ASSIGN_OR_RETURN(view.heatmap_kind,
                           ToEnum(maps.heatmap_kind, HeatmapKind::kProbabilities, "posenet_maps.heatmap_kind"));
  POSENET_ASSIGN_OR_RETURN(view.heatmap, ToMapView(maps.heatmap, "heatmap"));
  POSENET_ASSIGN_OR_RETURN(view.offsets, ToMapView(maps.offsets, "offsets"));
  POSENET_ASSIGN_OR_RETURN(view.displacement_fwd, ToMapView(maps.displacement_fwd, "displacement_fwd"));
  POSENET_ASSIGN_OR_RETURN(view.displacement_bwd, ToMapView(maps.displacement_bwd, "displacement_bwd"));
  return view;
}

Result<MoveNetMaps> ToMaps(const posenet_movenet_maps* given) {
  POSENET_ASSIGN_OR_RETURN(const posenet_movenet_maps maps, Read(given, "posenet_movenet_maps", {}));
  MoveNetMaps view = {.height = maps.height, .width = maps.width};
  POSENET_ASSIGN_OR_RETURN(view.center, ToMapView(maps.center, "center"));
  POSENET_ASSIGN_OR_RETURN(view.keypoint_heatmap, ToMapView(maps.keypoint_heatmap, "keypoint_heatmap"));
  POSENET_ASSIGN_OR_RETURN(view.keypoint_regression, ToMapView(maps.keypoint_regression, "keypoint_regression"));
  POSENET_ASSIGN_OR_RETURN(view.keypoint_offset, ToMapView(maps.keypoint_offset, "keypoint_offset"));
  POSENET_ASSIGN_OR_RETURN(view.box_offset, ToMapView(maps.box_offset, "box_offset"));
  POSENET_ASSIGN_OR_RETURN(view.box_scale, ToMapView(maps.box_scale, "box_scale"));
  return view;
}

MultiPoseOptions Resolve(const PoseEstimatorMultiOptions& given, const MultiPoseOptions& defaults) {
  return {.max_poses = given.max_poses.value_or(defaults.max_poses),
          .score_threshold = given.score_threshold.value_or(defaults.score_threshold),
          .nms_radius_px = given.nms_radius_px.value_or(defaults.nms_radius_px)};
}

Result<void> CheckUnset(bool is_set, std::string_view name) {
  if (is_set) return base::Fail(ErrorCode::kInvalidArgument, name, " does not apply; expected POSENET_DEFAULT");
  return {};
}

Result<std::vector<Pose>> Decode(PoseDecoder decoder, const PoseMaps& maps, const MultiPoseOptions& options) {
  switch (decoder) {
    case PoseDecoder::kTfjsSingle: {
      POSENET_ASSIGN_OR_RETURN(const Pose pose, DecodeSinglePose(maps));
      return std::vector<Pose>{pose};
    }
    case PoseDecoder::kTfjsMultiple:
      return DecodeMultiplePoses(maps, options);
    case PoseDecoder::kCoral:
      return DecodeMultiplePosesCoral(maps, options);
    case PoseDecoder::kHough:
      return DecodeMultiplePosesHough(maps, options);
    case PoseDecoder::kMoveNetSingle:
    case PoseDecoder::kMoveNetMultiple:
      break;
  }
  return base::Fail(ErrorCode::kInvalidArgument,
                    "decoder is one of MoveNet; expected one of PoseNet, or a call of posenet_decode_movenet_single or "
                    "posenet_decode_movenet_multiple");
}

}  // namespace

Result<PoseDecodeOptions> ToDecodeOptions(const posenet_decode_options* options) {
  if (options == nullptr) return PoseDecodeOptions();
  POSENET_ASSIGN_OR_RETURN(const posenet_decode_options given,
                           Read(options, "posenet_decode_options", kDecodeDefaults));
  if (given.reserved != 0) {
    return base::Fail(ErrorCode::kInvalidArgument, "posenet_decode_options.reserved is ", given.reserved,
                      "; expected 0");
  }
  PoseDecodeOptions decode = {.multi = {.max_poses = ToOptional(given.max_poses),
                                        .score_threshold = ToOptional(given.score_threshold),
                                        .nms_radius_px = ToOptional(given.nms_radius_px)}};
  POSENET_ASSIGN_OR_RETURN(decode.decoder, ToOptionalEnum(given.decoder, PoseDecoder::kMoveNetMultiple, "decoder"));
  POSENET_ASSIGN_OR_RETURN(decode.mirror, ToOptionalEnum(given.mirror, Mirror::kHorizontal, "mirror"));
  return decode;
}

}  // namespace posenet::c

using posenet::PoseDecoder;
using posenet::Result;
using posenet::c::CheckNotNull;
using posenet::c::CheckOutputArray;
using posenet::c::Guard;

posenet_status posenet_decode_options_init(posenet_decode_options* options, size_t struct_size) {
  return posenet::c::Init(options, struct_size, "posenet_decode_options", posenet::c::kDecodeDefaults);
}

posenet_status posenet_maps_init(posenet_maps* maps, size_t struct_size) {
  return posenet::c::Init(maps, struct_size, "posenet_maps", {});
}

posenet_status posenet_movenet_maps_init(posenet_movenet_maps* maps, size_t struct_size) {
  return posenet::c::Init(maps, struct_size, "posenet_movenet_maps", {});
}

posenet_status posenet_decode(const posenet_maps* maps, const posenet_decode_options* options, posenet_pose* poses,
                              size_t capacity, size_t* count, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(count, "count"));
    POSENET_RETURN_IF_ERROR(CheckOutputArray(poses, capacity, "poses"));
    POSENET_ASSIGN_OR_RETURN(const posenet::PoseMaps view, posenet::c::ToMaps(maps));
    POSENET_ASSIGN_OR_RETURN(const posenet::PoseDecodeOptions given, posenet::c::ToDecodeOptions(options));
    POSENET_RETURN_IF_ERROR(posenet::c::CheckUnset(given.mirror.has_value(), "mirror"));
    const PoseDecoder decoder = given.decoder.value_or(PoseDecoder::kHough);
    const posenet::MultiPoseOptions multi = posenet::c::Resolve(given.multi, posenet::DefaultMultiPoseOptions(decoder));
    POSENET_ASSIGN_OR_RETURN(const auto decoded, posenet::c::Decode(decoder, view, multi));
    *count = posenet::c::CopyOut(decoded, poses, capacity);
    return {};
  });
}

posenet_status posenet_decode_movenet_single(const posenet_movenet_maps* maps, posenet_pose* pose,
                                             posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(pose, "pose"));
    POSENET_ASSIGN_OR_RETURN(const posenet::MoveNetMaps view, posenet::c::ToMaps(maps));
    POSENET_ASSIGN_OR_RETURN(const posenet::Pose decoded, posenet::DecodeMoveNetSingle(view));
    posenet::c::CopyOut(std::vector{decoded}, pose, 1);
    return {};
  });
}

posenet_status posenet_decode_movenet_multiple(const posenet_movenet_maps* maps, const posenet_decode_options* options,
                                               posenet_boxed_pose* poses, size_t capacity, size_t* count,
                                               posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(count, "count"));
    POSENET_RETURN_IF_ERROR(CheckOutputArray(poses, capacity, "poses"));
    POSENET_ASSIGN_OR_RETURN(const posenet::MoveNetMaps view, posenet::c::ToMaps(maps));
    POSENET_ASSIGN_OR_RETURN(const posenet::PoseDecodeOptions given, posenet::c::ToDecodeOptions(options));
    POSENET_RETURN_IF_ERROR(posenet::c::CheckUnset(given.decoder.has_value(), "decoder"));
    POSENET_RETURN_IF_ERROR(posenet::c::CheckUnset(given.mirror.has_value(), "mirror"));
    POSENET_RETURN_IF_ERROR(posenet::c::CheckUnset(given.multi.nms_radius_px.has_value(), "nms_radius_px"));
    const posenet::MultiPoseOptions multi =
        posenet::c::Resolve(given.multi, posenet::DefaultMultiPoseOptions(PoseDecoder::kMoveNetMultiple));
    POSENET_ASSIGN_OR_RETURN(
        const auto decoded,
        posenet::DecodeMoveNetMultiple(view, {.max_poses = multi.max_poses, .score_threshold = multi.score_threshold}));
    *count = posenet::c::CopyOut(decoded, poses, capacity);
    return {};
  });
}

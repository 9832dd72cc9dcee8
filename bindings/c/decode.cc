// SPDX-License-Identifier: Apache-2.0
// Decoders for the maps of any runtime.
#include "posenet/decode.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
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

Result<void> CheckReserved(std::int32_t reserved, std::string_view name) {
  if (reserved == 0) return {};
  return base::Fail(ErrorCode::kInvalidArgument, name, ".reserved is ", reserved, "; expected 0");
}

/// The maps of one call as the decoders read them.
class MapViews {
 public:
  /// Errors: kInvalidArgument for an unknown layout.
  static Result<MapViews> Create(posenet_map_layout layout, std::int32_t height, std::int32_t width) {
    POSENET_ASSIGN_OR_RETURN(const MapLayout known, ToEnum(layout, MapLayout::kNchw, "layout"));
    return MapViews(known, height, width);
  }

  /// A view of `map`, or of a transposed copy that this object owns. Errors: kInvalidArgument for a map that is not
  /// aligned, or in NCHW has a pixel_stride or does not fit into memory. What is missing is left to the decoder.
  Result<MapView> ViewOf(const posenet_map& map, int channels, std::string_view name) {
    if (reinterpret_cast<std::uintptr_t>(map.data) % alignof(float) != 0) {
      return base::Fail(ErrorCode::kInvalidArgument, name, ": data is not aligned to ", alignof(float), " bytes");
    }
    if (layout_ == MapLayout::kNhwc) return MapView{.data = map.data, .pixel_stride = map.pixel_stride};
    if (map.pixel_stride != 0) {
      return base::Fail(ErrorCode::kInvalidArgument, name, " has a pixel_stride of ", map.pixel_stride,
                        "; expected 0 in NCHW");
    }
    if (map.data == nullptr || height_ < 1 || width_ < 1) return MapView{.data = map.data};
    const std::int64_t cells = std::int64_t{height_} * width_;
    if (channels > std::numeric_limits<std::ptrdiff_t>::max() / std::int64_t{sizeof(float)} / cells) {
      return base::Fail(ErrorCode::kInvalidArgument, name, " of ", height_, "x", width_,
                        " cells does not fit into memory");
    }
    return MapView{.data = Transposed(map.data, static_cast<std::size_t>(cells), static_cast<std::size_t>(channels))};
  }

 private:
  enum class MapLayout : std::uint8_t { kNhwc = POSENET_LAYOUT_NHWC, kNchw = POSENET_LAYOUT_NCHW };

  MapViews(MapLayout layout, std::int32_t height, std::int32_t width)
      : layout_(layout), height_(height), width_(width) {}

  const float* Transposed(const float* planes, std::size_t cells, std::size_t channels) {
    std::vector<float>& copy = copies_.emplace_back(cells * channels);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      for (std::size_t channel = 0; channel < channels; ++channel) {
        copy[cell * channels + channel] = planes[channel * cells + cell];
      }
    }
    return copy.data();
  }

  MapLayout layout_;
  std::int32_t height_;
  std::int32_t width_;
  std::vector<std::vector<float>> copies_;
};

constexpr int kEdgeChannels = 2 * (POSENET_PART_COUNT - 1);
constexpr int kVectorChannels = 2 * POSENET_PART_COUNT;

/// The decoder's maps, and what they refer to.
template <typename Maps>
struct OwnedMaps {
  MapViews views;
  Maps maps;
};

Result<OwnedMaps<PoseMaps>> ToMaps(const posenet_maps* given) {
  POSENET_ASSIGN_OR_RETURN(const posenet_maps maps, Read(given, "posenet_maps", {}));
  POSENET_ASSIGN_OR_RETURN(MapViews views, MapViews::Create(maps.layout, maps.height, maps.width));
  POSENET_RETURN_IF_ERROR(CheckReserved(maps.reserved, "posenet_maps"));
  PoseMaps view = {.height = maps.height, .width = maps.width, .output_stride = maps.output_stride};
  POSENET_ASSIGN_OR_RETURN(view.heatmap_kind,
                           ToEnum(maps.heatmap_kind, HeatmapKind::kProbabilities, "posenet_maps.heatmap_kind"));
  POSENET_ASSIGN_OR_RETURN(view.heatmap, views.ViewOf(maps.heatmap, kPartCount, "heatmap"));
  POSENET_ASSIGN_OR_RETURN(view.offsets, views.ViewOf(maps.offsets, kVectorChannels, "offsets"));
  POSENET_ASSIGN_OR_RETURN(view.displacement_fwd,
                           views.ViewOf(maps.displacement_fwd, kEdgeChannels, "displacement_fwd"));
  POSENET_ASSIGN_OR_RETURN(view.displacement_bwd,
                           views.ViewOf(maps.displacement_bwd, kEdgeChannels, "displacement_bwd"));
  return OwnedMaps<PoseMaps>{std::move(views), view};
}

Result<OwnedMaps<MoveNetMaps>> ToMaps(const posenet_movenet_maps* given) {
  POSENET_ASSIGN_OR_RETURN(const posenet_movenet_maps maps, Read(given, "posenet_movenet_maps", {}));
  POSENET_ASSIGN_OR_RETURN(MapViews views, MapViews::Create(maps.layout, maps.height, maps.width));
  POSENET_RETURN_IF_ERROR(CheckReserved(maps.reserved, "posenet_movenet_maps"));
  MoveNetMaps view = {.height = maps.height, .width = maps.width};
  POSENET_ASSIGN_OR_RETURN(view.center, views.ViewOf(maps.center, 1, "center"));
  POSENET_ASSIGN_OR_RETURN(view.keypoint_heatmap, views.ViewOf(maps.keypoint_heatmap, kPartCount, "keypoint_heatmap"));
  POSENET_ASSIGN_OR_RETURN(view.keypoint_regression,
                           views.ViewOf(maps.keypoint_regression, kVectorChannels, "keypoint_regression"));
  POSENET_ASSIGN_OR_RETURN(view.keypoint_offset,
                           views.ViewOf(maps.keypoint_offset, kVectorChannels, "keypoint_offset"));
  POSENET_ASSIGN_OR_RETURN(view.box_offset, views.ViewOf(maps.box_offset, 2, "box_offset"));
  POSENET_ASSIGN_OR_RETURN(view.box_scale, views.ViewOf(maps.box_scale, 2, "box_scale"));
  return OwnedMaps<MoveNetMaps>{std::move(views), view};
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
  POSENET_RETURN_IF_ERROR(CheckReserved(given.reserved, "posenet_decode_options"));
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
    POSENET_ASSIGN_OR_RETURN(const auto owned, posenet::c::ToMaps(maps));
    POSENET_ASSIGN_OR_RETURN(const posenet::PoseDecodeOptions given, posenet::c::ToDecodeOptions(options));
    POSENET_RETURN_IF_ERROR(posenet::c::CheckUnset(given.mirror.has_value(), "mirror"));
    const PoseDecoder decoder = given.decoder.value_or(PoseDecoder::kHough);
    const posenet::MultiPoseOptions multi = posenet::c::Resolve(given.multi, posenet::DefaultMultiPoseOptions(decoder));
    POSENET_ASSIGN_OR_RETURN(const auto decoded, posenet::c::Decode(decoder, owned.maps, multi));
    *count = posenet::c::CopyOut(decoded, poses, capacity);
    return {};
  });
}

posenet_status posenet_decode_movenet_single(const posenet_movenet_maps* maps, posenet_pose* pose,
                                             posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(pose, "pose"));
    POSENET_ASSIGN_OR_RETURN(const auto owned, posenet::c::ToMaps(maps));
    POSENET_ASSIGN_OR_RETURN(const posenet::Pose decoded, posenet::DecodeMoveNetSingle(owned.maps));
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
    POSENET_ASSIGN_OR_RETURN(const auto owned, posenet::c::ToMaps(maps));
    POSENET_ASSIGN_OR_RETURN(const posenet::PoseDecodeOptions given, posenet::c::ToDecodeOptions(options));
    POSENET_RETURN_IF_ERROR(posenet::c::CheckUnset(given.decoder.has_value(), "decoder"));
    POSENET_RETURN_IF_ERROR(posenet::c::CheckUnset(given.mirror.has_value(), "mirror"));
    POSENET_RETURN_IF_ERROR(posenet::c::CheckUnset(given.multi.nms_radius_px.has_value(), "nms_radius_px"));
    const posenet::MultiPoseOptions multi =
        posenet::c::Resolve(given.multi, posenet::DefaultMultiPoseOptions(PoseDecoder::kMoveNetMultiple));
    POSENET_ASSIGN_OR_RETURN(const auto decoded,
                             posenet::DecodeMoveNetMultiple(
                                 owned.maps, {.max_poses = multi.max_poses, .score_threshold = multi.score_threshold}));
    *count = posenet::c::CopyOut(decoded, poses, capacity);
    return {};
  });
}

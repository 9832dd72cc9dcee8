// SPDX-License-Identifier: Apache-2.0
#include "human/estimator_options.h"

#include "base/error.h"
#include "human/decode_maps.h"
#include "posenet/runtime.h"

namespace posenet::human {
namespace {

// Input sizes of models that do not define one: those of the TensorFlow.js demos.
constexpr int kDefaultSidePx = 513;
constexpr int kDefaultMoveNetSidePx = 256;

/// The options of `decoder` without any from the user: those embedded in the model, if they are for it.
MultiPoseOptions MultiPoseDefaults(PoseDecoder decoder, const std::optional<model::DecoderSpec>& embedded,
                                   bool is_refined) {
  const bool is_for_decoder = embedded && (decoder != PoseDecoder::kHough || embedded->decoder == PoseDecoder::kHough);
  MultiPoseOptions multi = is_for_decoder ? embedded->options : DefaultMultiPoseOptions(decoder);
  if (is_refined) {
    multi.max_poses = kRefinedMaxPoses;
    multi.score_threshold = decoder == PoseDecoder::kHough ? kRefinedHoughThreshold : kRefinedScoreThreshold;
  }
  return multi;
}

/// `options` where they are set, otherwise `defaults`.
MultiPoseOptions Override(const MultiPoseOptions& defaults, const PoseEstimatorMultiOptions& options) {
  return {.max_poses = options.max_poses.value_or(defaults.max_poses),
          .score_threshold = options.score_threshold.value_or(defaults.score_threshold),
          .nms_radius_px = options.nms_radius_px.value_or(defaults.nms_radius_px)};
}

/// Errors: kInvalidArgument for an unknown decoder; kUnsupported for one that `kind` does not have the maps for.
Result<void> CheckDecoder(PoseDecoder decoder, NetworkKind kind) {
  const auto need = [](bool has_maps, const char* text) -> Result<void> {
    if (has_maps) return {};
    return base::Fail(ErrorCode::kUnsupported, text);
  };
  switch (decoder) {
    case PoseDecoder::kTfjsSingle:
    case PoseDecoder::kTfjsMultiple:
    case PoseDecoder::kCoral:
    case PoseDecoder::kHough:
      return need(kind == NetworkKind::kPoseNet, "a MoveNet has no maps for PoseNet's decoders; omit the decoder");
    case PoseDecoder::kMoveNetSingle:
      return need(kind != NetworkKind::kPoseNet, "MoveNet's decoders need the maps of a MoveNet model");
    case PoseDecoder::kMoveNetMultiple:
      return need(kind == NetworkKind::kMoveNetMultiple,
                  "the decoder for several people needs the boxes of MoveNet MultiPose");
  }
  return base::Fail(ErrorCode::kInvalidArgument, "decoder ", static_cast<int>(decoder), " does not exist");
}

Result<void> CheckOutputStride(int output_stride, NetworkKind kind) {
  if (kind != NetworkKind::kPoseNet) {
    if (output_stride == 0 || output_stride == kMoveNetStride) return {};
    return base::Fail(ErrorCode::kInvalidArgument, "output_stride is ", output_stride, "; expected 0 or ",
                      kMoveNetStride, ", that of every MoveNet");
  }
  switch (output_stride) {
    case 0:
    case 8:
    case 16:
    case 32:
      return {};
    default:
      return base::Fail(ErrorCode::kInvalidArgument, "output_stride is ", output_stride,
                        "; expected 8, 16, 32, or 0 for the model's own");
  }
}

}  // namespace

PoseEstimatorOptions WithModelDefaults(PoseEstimatorOptions options, const model::ModelSpec& spec, NetworkKind kind) {
  const int default_side_px = kind == NetworkKind::kPoseNet ? kDefaultSidePx : kDefaultMoveNetSidePx;
  const auto or_default = [&](int side_px) { return side_px > 0 ? side_px : default_side_px; };
  if (options.input_width_px == 0) options.input_width_px = or_default(spec.input_width_px);
  if (options.input_height_px == 0) options.input_height_px = or_default(spec.input_height_px);
  options.fit = options.fit.value_or(spec.fit);
  options.resampling = options.resampling.value_or(spec.resampling);
  options.decoder =
      options.decoder.value_or(spec.decoder ? spec.decoder->decoder : DefaultDecoder(kind, options.refiner != nullptr));
  const MultiPoseOptions multi =
      Override(MultiPoseDefaults(*options.decoder, spec.decoder, options.refiner != nullptr), options.multi);
  options.multi = {
      .max_poses = multi.max_poses, .score_threshold = multi.score_threshold, .nms_radius_px = multi.nms_radius_px};
  return options;
}

PoseDecoder DefaultDecoder(NetworkKind kind, bool is_refined) {
  switch (kind) {
    case NetworkKind::kPoseNet:
      // Refined, its poses were at least as accurate as those of kHough on photos of the Leeds Sports Poses: AP 0.112
      // and 0.102 at 257 with Lightning, 0.261 and 0.252 at 513 with Thunder.
      if (is_refined) return PoseDecoder::kTfjsMultiple;
      break;
    case NetworkKind::kMoveNetSingle:
      return PoseDecoder::kMoveNetSingle;
    case NetworkKind::kMoveNetMultiple:
      return PoseDecoder::kMoveNetMultiple;
  }
  return PoseDecoder::kHough;  // The most accurate.
}

Result<Decoding> DecodingOf(const DecodingDefaults& defaults, const PoseDecodeOptions& decode, NetworkKind kind) {
  const PoseDecoder decoder = decode.decoder.value_or(defaults.decoder);
  POSENET_RETURN_IF_ERROR(CheckDecoder(decoder, kind));
  const MultiPoseOptions multi = Override(
      Override(MultiPoseDefaults(decoder, defaults.embedded, defaults.is_refined), defaults.multi), decode.multi);
  POSENET_RETURN_IF_ERROR(decode::CheckMultiPoseOptions(multi));
  return Decoding{.decoder = decoder, .multi = multi, .mirror = decode.mirror.value_or(defaults.mirror)};
}

Result<void> CheckOptions(const PoseEstimatorOptions& options, NetworkKind kind) {
  POSENET_RETURN_IF_ERROR(CheckOutputStride(options.output_stride, kind));
  if (options.fit != ImageFit::kPad && options.fit != ImageFit::kStretch && options.fit != ImageFit::kCrop) {
    return base::Fail(ErrorCode::kInvalidArgument, "fit ", static_cast<int>(*options.fit), " does not exist");
  }
  if (options.resampling != Resampling::kBilinear && options.resampling != Resampling::kNearest &&
      options.resampling != Resampling::kAntialiased) {
    return base::Fail(ErrorCode::kInvalidArgument, "resampling ", static_cast<int>(*options.resampling),
                      " does not exist");
  }
  if (options.thread_count < 0 || options.thread_count > kMaxThreads) {
    return base::Fail(ErrorCode::kInvalidArgument, "thread_count is ", options.thread_count, "; expected 1 to ",
                      kMaxThreads, ", or 0 for one per core");
  }
  return {};
}

Result<int> ValidSide(const char* name, int side_px, int output_stride, NetworkKind kind) {
  const int min_px = kind == NetworkKind::kPoseNet ? output_stride : kMoveNetSideFactorPx;
  if (side_px < min_px || side_px > kMaxInputSidePx) {
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", side_px, "; expected ", min_px, " to ",
                      kMaxInputSidePx, " at an output stride of ", output_stride);
  }
  if (kind != NetworkKind::kPoseNet) return side_px / kMoveNetSideFactorPx * kMoveNetSideFactorPx;
  if ((side_px - 1) % output_stride == 0) return side_px;
  return side_px / output_stride * output_stride + 1;
}

}  // namespace posenet::human

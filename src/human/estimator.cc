// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <memory_resource>
#include <utility>

#include "base/error.h"
#include "base/idle_list.h"
#include "base/no_throw.h"
#include "base/thread_pool.h"
#include "human/decode_maps.h"
#include "human/decoders.h"
#include "human/map_layout.h"
#include "human/precision.h"
#include "image/resample.h"
#include "model/model_spec.h"
#include "model/output_stride.h"
#include "nn/plan.h"
#include "posenet/human.h"
#include "posenet/runtime.h"

namespace posenet {
namespace {

// The input size of models that do not define one: that of the TensorFlow.js demos.
constexpr int kDefaultSidePx = 513;

// The decoder of models that do not define one: the most accurate.
constexpr PoseDecoder kDefaultDecoder = PoseDecoder::kHough;

/// The options of `decoder` without any from the user: those embedded in the model, if they are for it.
MultiPoseOptions MultiPoseDefaults(PoseDecoder decoder, const std::optional<model::DecoderSpec>& embedded) {
  const bool is_for_decoder = embedded && (decoder != PoseDecoder::kHough || embedded->decoder == PoseDecoder::kHough);
  return is_for_decoder ? embedded->options : DefaultMultiPoseOptions(decoder);
}

/// `options` where they are set, otherwise `defaults`.
MultiPoseOptions Override(const MultiPoseOptions& defaults, const PoseEstimatorMultiOptions& options) {
  return {.max_poses = options.max_poses.value_or(defaults.max_poses),
          .score_threshold = options.score_threshold.value_or(defaults.score_threshold),
          .nms_radius_px = options.nms_radius_px.value_or(defaults.nms_radius_px)};
}

/// `options` with the defaults of the model filled in.
PoseEstimatorOptions WithModelDefaults(PoseEstimatorOptions options, const model::ModelSpec& spec) {
  const auto or_default = [](int side_px) { return side_px > 0 ? side_px : kDefaultSidePx; };
  if (options.input_width_px == 0) options.input_width_px = or_default(spec.input_width_px);
  if (options.input_height_px == 0) options.input_height_px = or_default(spec.input_height_px);
  options.fit = options.fit.value_or(spec.fit);
  options.resampling = options.resampling.value_or(spec.resampling);
  options.decoder = options.decoder.value_or(spec.decoder ? spec.decoder->decoder : kDefaultDecoder);
  const MultiPoseOptions multi = Override(MultiPoseDefaults(*options.decoder, spec.decoder), options.multi);
  options.multi = {
      .max_poses = multi.max_poses, .score_threshold = multi.score_threshold, .nms_radius_px = multi.nms_radius_px};
  return options;
}

/// The decoding options of one call.
struct Decoding {
  PoseDecoder decoder = PoseDecoder::kTfjsMultiple;
  MultiPoseOptions multi;
  Mirror mirror = Mirror::kNone;
};

/// The decoding options of an estimator as its user set them, and those that its model embeds.
struct DecodingDefaults {
  PoseDecoder decoder = PoseDecoder::kTfjsMultiple;
  PoseEstimatorMultiOptions multi;
  Mirror mirror = Mirror::kNone;
  std::optional<model::DecoderSpec> embedded;
};

/// `decode` over the options of the estimator, over those of the decoder. Errors: kInvalidArgument.
Result<Decoding> DecodingOf(const DecodingDefaults& defaults, const PoseDecodeOptions& decode) {
  const PoseDecoder decoder = decode.decoder.value_or(defaults.decoder);
  switch (decoder) {
    case PoseDecoder::kTfjsSingle:
    case PoseDecoder::kTfjsMultiple:
    case PoseDecoder::kCoral:
    case PoseDecoder::kHough:
      break;
    default:
      return base::Fail(ErrorCode::kInvalidArgument, "decoder ", static_cast<int>(decoder), " does not exist");
  }
  const MultiPoseOptions multi =
      Override(Override(MultiPoseDefaults(decoder, defaults.embedded), defaults.multi), decode.multi);
  POSENET_RETURN_IF_ERROR(human::decode::CheckMultiPoseOptions(multi));
  return Decoding{.decoder = decoder, .multi = multi, .mirror = decode.mirror.value_or(defaults.mirror)};
}

/// Errors: kInvalidArgument. `options` must be filled in.
Result<void> CheckOptions(const PoseEstimatorOptions& options) {
  switch (options.output_stride) {
    case 0:
    case 8:
    case 16:
    case 32:
      break;
    default:
      return base::Fail(ErrorCode::kInvalidArgument, "output_stride is ", options.output_stride,
                        "; expected 8, 16, 32, or 0 for the model's own");
  }
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

/// The valid input side for `side_px`, k * stride + 1, as in TensorFlow.js: rounded down, except that a multiple of the
/// stride grows by 1. Errors: kInvalidArgument for sides below the stride, which leave a single cell, or above the
/// limit.
Result<int> ValidSide(const char* name, int side_px, int output_stride) {
  if (side_px < output_stride || side_px > kMaxInputSidePx) {
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", side_px, "; expected ", output_stride, " to ",
                      kMaxInputSidePx, " at an output stride of ", output_stride);
  }
  if ((side_px - 1) % output_stride == 0) return side_px;
  return side_px / output_stride * output_stride + 1;
}

/// The model's network at the requested output stride, and the options in effect.
struct PreparedNetwork {
  nn::Network network;
  PoseEstimatorOptions options;
};

Result<PreparedNetwork> PrepareNetwork(const model::ModelSpec& spec, const PoseEstimatorOptions& options) {
  if (spec.task != kHumanTask) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " is for ",
                      base::Printable(spec.task), "; expected ", kHumanTask);
  }
  if (spec.network.input_channels != 3) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " has ",
                      spec.network.input_channels, " input channels; expected 3");
  }
  PreparedNetwork prepared = {.network = spec.network, .options = options};
  POSENET_ASSIGN_OR_RETURN(int output_stride, model::OutputStrideOf(prepared.network));
  if (options.output_stride != 0 && options.output_stride != output_stride) {
    output_stride = options.output_stride;
    POSENET_ASSIGN_OR_RETURN(prepared.network, model::WithOutputStride(spec.network, output_stride));
  }
  PoseEstimatorOptions& effective = prepared.options;
  effective.output_stride = output_stride;
  POSENET_ASSIGN_OR_RETURN(effective.input_width_px,
                           ValidSide("input_width_px", options.input_width_px, output_stride));
  POSENET_ASSIGN_OR_RETURN(effective.input_height_px,
                           ValidSide("input_height_px", options.input_height_px, output_stride));
  if (effective.thread_count == 0) effective.thread_count = base::AvailableCores();
  return prepared;
}

/// The working memory and threads of one call.
struct Workspace {
  Workspace(std::unique_ptr<nn::Context> run_context, int thread_count)
      : context(std::move(run_context)), threads(thread_count) {}

  std::unique_ptr<nn::Context> context;
  base::ThreadPool threads;
  image::PadResizer resizer;
  // Pools blocks of up to 1 MiB, enough for the candidates of an image of noise.
  std::pmr::unsynchronized_pool_resource decoder_memory{{.largest_required_pool_block = std::size_t{1} << 20}};
};

Result<void> Decode(const PoseMaps& maps, const Decoding& decoding, std::pmr::memory_resource& memory,
                    std::vector<Pose>& poses) {
  const MultiPoseOptions& multi = decoding.multi;
  if (decoding.decoder == PoseDecoder::kTfjsMultiple) return human::decode::DecodeMultiple(maps, multi, memory, poses);
  if (decoding.decoder == PoseDecoder::kCoral) return human::decode::DecodeMultipleCoral(maps, multi, memory, poses);
  if (decoding.decoder == PoseDecoder::kHough) return human::decode::DecodeMultipleHough(maps, multi, memory, poses);
  POSENET_ASSIGN_OR_RETURN(const Pose pose, DecodeSinglePose(maps));
  poses.assign(1, pose);
  return {};
}

/// Transforms positions from the network's input to the image.
void MapToImage(const image::PadAndResize& fit, Mirror mirror, std::vector<Pose>& poses) {
  for (Pose& pose : poses) {
    for (Keypoint& keypoint : pose.keypoints) {
      keypoint.position_px = fit.SourceFromTarget(keypoint.position_px);
      if (mirror == Mirror::kHorizontal) {
        keypoint.position_px.x = static_cast<float>(fit.source.width_px - 1) - keypoint.position_px.x;
      }
    }
  }
}

}  // namespace

struct PoseEstimator::Impl {
  Impl(const PoseEstimatorOptions& effective_options, const DecodingDefaults& decoding_defaults,
       const image::Normalization& model_normalization, std::shared_ptr<const nn::Plan> network_plan,
       const human::MapLayout& map_layout)
      : options(effective_options),
        decoding(decoding_defaults),
        normalization(model_normalization),
        plan(std::move(network_plan)),
        layout(map_layout) {}

  Result<base::IdleList<Workspace>::Lease> LeaseWorkspace() {
    return workspaces.Take([this]() -> Result<std::unique_ptr<Workspace>> {
      POSENET_ASSIGN_OR_RETURN(std::unique_ptr<nn::Context> context, nn::Context::Create(plan, options.thread_count));
      return std::make_unique<Workspace>(std::move(context), options.thread_count);
    });
  }

  Result<void> Estimate(const ImageView& image, const PoseDecodeOptions& decode, std::vector<Pose>& poses) {
    POSENET_RETURN_IF_ERROR(image::CheckView(image));
    POSENET_ASSIGN_OR_RETURN(const Decoding chosen, DecodingOf(decoding, decode));
    POSENET_ASSIGN_OR_RETURN(const auto workspace, LeaseWorkspace());
    const image::PadAndResize fit = image::FitImage(
        *options.fit, image::SizeOf(image), {.width_px = options.input_width_px, .height_px = options.input_height_px});
    workspace->resizer.Run(image, fit, normalization, workspace->context->input(), *options.resampling);
    plan->Run(*workspace->context, workspace->threads);
    POSENET_RETURN_IF_ERROR(Decode(layout.MapsOf(*workspace->context), chosen, workspace->decoder_memory, poses));
    MapToImage(fit, chosen.mirror, poses);
    return {};
  }

  PoseEstimatorOptions options;
  DecodingDefaults decoding;
  image::Normalization normalization;
  std::shared_ptr<const nn::Plan> plan;
  human::MapLayout layout;
  base::IdleList<Workspace> workspaces;
};

PoseEstimator::PoseEstimator(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PoseEstimator::PoseEstimator(PoseEstimator&&) noexcept = default;
PoseEstimator& PoseEstimator::operator=(PoseEstimator&&) noexcept = default;
PoseEstimator::~PoseEstimator() = default;

const PoseEstimatorOptions& PoseEstimator::options() const { return impl_->options; }

Result<PoseEstimator> PoseEstimator::Create(const Model& model, const PoseEstimatorOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<PoseEstimator> {
    const model::LoadedModel& loaded = model::LoadedModelOf(model);
    const PoseEstimatorOptions filled_in = WithModelDefaults(options, loaded.spec);
    POSENET_RETURN_IF_ERROR(CheckOptions(filled_in));
    const DecodingDefaults decoding = {.decoder = *filled_in.decoder,
                                       .multi = options.multi,
                                       .mirror = options.mirror,
                                       .embedded = loaded.spec.decoder};
    POSENET_RETURN_IF_ERROR(DecodingOf(decoding, {}));
    POSENET_ASSIGN_OR_RETURN(PreparedNetwork prepared, PrepareNetwork(loaded.spec, filled_in));
    POSENET_ASSIGN_OR_RETURN(const nn::PackOptions pack, human::ResolvePrecision(loaded, prepared.options));
    const PoseEstimatorOptions& effective = prepared.options;
    POSENET_ASSIGN_OR_RETURN(auto packed, nn::PackedNetwork::Create(prepared.network, loaded.weights, pack));
    POSENET_ASSIGN_OR_RETURN(auto plan, nn::Plan::Create(std::move(packed), {.height = effective.input_height_px,
                                                                             .width = effective.input_width_px,
                                                                             .channels = 3}));
    POSENET_ASSIGN_OR_RETURN(const human::MapLayout layout,
                             human::MapLayout::Create(prepared.network, *plan, effective.output_stride));
    const image::Normalization normalization = {.scale = loaded.spec.input_scale, .bias = loaded.spec.input_bias};
    return PoseEstimator(std::make_unique<Impl>(effective, decoding, normalization, std::move(plan), layout));
  });
}

Result<std::vector<Pose>> PoseEstimator::Estimate(const ImageView& image) const {
  std::vector<Pose> poses;
  POSENET_RETURN_IF_ERROR(Estimate(image, poses));
  return poses;
}

Result<void> PoseEstimator::Estimate(const ImageView& image, std::vector<Pose>& poses) const {
  return Estimate(image, {}, poses);
}

Result<void> PoseEstimator::Estimate(const ImageView& image, const PoseDecodeOptions& decode,
                                     std::vector<Pose>& poses) const {
  return base::CatchBadAlloc([&] { return impl_->Estimate(image, decode, poses); });
}

}  // namespace posenet

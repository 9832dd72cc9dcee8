// SPDX-License-Identifier: Apache-2.0
#include "human/pose_network.h"

#include <utility>

#include "base/error.h"
#include "base/thread_pool.h"
#include "human/decoders.h"
#include "human/movenet_decoders.h"
#include "human/precision.h"
#include "model/output_stride.h"

namespace posenet::human {
namespace {

/// The model's network at the requested output stride, and the options in effect.
struct PreparedNetwork {
  nn::Network network;
  PoseEstimatorOptions options;
};

Result<void> CheckModel(const model::ModelSpec& spec) {
  if (spec.task != kHumanTask) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " is for ",
                      base::Printable(spec.task), "; expected one for ", kHumanTask);
  }
  if (spec.network.input_channels != 3) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " has ",
                      spec.network.input_channels, " input channels; expected 3");
  }
  return {};
}

Result<PreparedNetwork> PrepareNetwork(const model::ModelSpec& spec, const PoseEstimatorOptions& options,
                                       NetworkKind kind) {
  PreparedNetwork prepared = {.network = spec.network, .options = options};
  int output_stride = kMoveNetStride;
  if (kind == NetworkKind::kPoseNet) {
    POSENET_ASSIGN_OR_RETURN(output_stride, model::OutputStrideOf(prepared.network));
    if (options.output_stride != 0 && options.output_stride != output_stride) {
      output_stride = options.output_stride;
      POSENET_ASSIGN_OR_RETURN(prepared.network, model::WithOutputStride(spec.network, output_stride));
    }
  }
  PoseEstimatorOptions& effective = prepared.options;
  effective.output_stride = output_stride;
  POSENET_ASSIGN_OR_RETURN(effective.input_width_px,
                           ValidSide("input_width_px", options.input_width_px, output_stride, kind));
  POSENET_ASSIGN_OR_RETURN(effective.input_height_px,
                           ValidSide("input_height_px", options.input_height_px, output_stride, kind));
  if (effective.thread_count == 0) effective.thread_count = base::AvailableCores();
  return prepared;
}

Result<void> DecodeMaps(const PoseMaps& maps, const Decoding& decoding, std::pmr::memory_resource& memory,
                        std::vector<Pose>& poses) {
  const MultiPoseOptions& multi = decoding.multi;
  if (decoding.decoder == PoseDecoder::kTfjsMultiple) return decode::DecodeMultiple(maps, multi, memory, poses);
  if (decoding.decoder == PoseDecoder::kCoral) return decode::DecodeMultipleCoral(maps, multi, memory, poses);
  if (decoding.decoder == PoseDecoder::kHough) return decode::DecodeMultipleHough(maps, multi, memory, poses);
  POSENET_ASSIGN_OR_RETURN(const Pose pose, DecodeSinglePose(maps));
  poses.assign(1, pose);
  return {};
}

Result<void> DecodePeople(const MoveNetMaps& maps, const Decoding& decoding, std::pmr::memory_resource& memory,
                          std::pmr::vector<BoxedPose>& people) {
  const MoveNetMultiOptions multi = {.max_poses = decoding.multi.max_poses,
                                     .score_threshold = decoding.multi.score_threshold};
  return decode::DecodeMoveNetPeople(maps, multi, memory, people);
}

Result<void> DecodeMaps(const MoveNetMaps& maps, const Decoding& decoding, std::pmr::memory_resource& memory,
                        std::vector<Pose>& poses) {
  if (decoding.decoder == PoseDecoder::kMoveNetSingle) {
    POSENET_ASSIGN_OR_RETURN(const Pose pose, DecodeMoveNetSingle(maps));
    poses.assign(1, pose);
    return {};
  }
  std::pmr::vector<BoxedPose> people(&memory);
  POSENET_RETURN_IF_ERROR(DecodePeople(maps, decoding, memory, people));
  poses.clear();
  for (const BoxedPose& person : people) poses.push_back(person.pose);
  return {};
}

}  // namespace

Result<PoseNetwork> PoseNetwork::Create(const Model& model, const PoseEstimatorOptions& options) {
  const model::LoadedModel& loaded = model::LoadedModelOf(model);
  PoseNetwork created;
  created.kind_ = KindOf(loaded.spec.network);
  const PoseEstimatorOptions filled_in = WithModelDefaults(options, loaded.spec, created.kind_);
  POSENET_RETURN_IF_ERROR(CheckOptions(filled_in, created.kind_));
  created.decoding_ = {.decoder = *filled_in.decoder,
                       .multi = options.multi,
                       .mirror = options.mirror,
                       .embedded = loaded.spec.decoder,
                       .is_refined = options.refiner != nullptr};
  POSENET_RETURN_IF_ERROR(created.DecodingOf({}));
  POSENET_RETURN_IF_ERROR(CheckModel(loaded.spec));
  POSENET_ASSIGN_OR_RETURN(PreparedNetwork prepared, PrepareNetwork(loaded.spec, filled_in, created.kind_));
  POSENET_ASSIGN_OR_RETURN(const nn::PackOptions pack, ResolvePrecision(loaded, prepared.options));
  const PoseEstimatorOptions& effective = prepared.options;
  POSENET_ASSIGN_OR_RETURN(created.packed_, nn::PackedNetwork::Create(prepared.network, loaded.weights, pack));
  POSENET_ASSIGN_OR_RETURN(created.plan_, nn::Plan::Create(created.packed_, {.height = effective.input_height_px,
                                                                             .width = effective.input_width_px,
                                                                             .channels = 3}));
  if (created.kind_ == NetworkKind::kPoseNet) {
    POSENET_ASSIGN_OR_RETURN(created.layout_,
                             MapLayout::Create(prepared.network, *created.plan_, effective.output_stride));
  } else {
    POSENET_ASSIGN_OR_RETURN(created.layout_, MoveNetLayout::Create(*created.plan_, created.kind_));
  }
  created.normalization_ = {.scale = loaded.spec.input_scale, .bias = loaded.spec.input_bias};
  created.options_ = effective;
  return created;
}

Result<PoseNetwork> PoseNetwork::Resized(int width_px, int height_px) const {
  PoseNetwork resized = *this;
  PoseEstimatorOptions& options = resized.options_;
  POSENET_ASSIGN_OR_RETURN(options.input_width_px, ValidSide("input_width_px", width_px, kMoveNetStride, kind_));
  POSENET_ASSIGN_OR_RETURN(options.input_height_px, ValidSide("input_height_px", height_px, kMoveNetStride, kind_));
  POSENET_ASSIGN_OR_RETURN(
      resized.plan_,
      nn::Plan::Create(packed_, {.height = options.input_height_px, .width = options.input_width_px, .channels = 3}));
  POSENET_ASSIGN_OR_RETURN(resized.layout_, MoveNetLayout::Create(*resized.plan_, kind_));
  return resized;
}

Result<void> PoseNetwork::Decode(const nn::Context& context, const Decoding& decoding,
                                 std::pmr::memory_resource& memory, std::vector<Pose>& poses) const {
  return std::visit([&](const auto& layout) { return DecodeMaps(layout.MapsOf(context), decoding, memory, poses); },
                    layout_);
}

Result<void> PoseNetwork::Decode(const nn::Context& context, const Decoding& decoding,
                                 std::pmr::memory_resource& memory, std::vector<BoxedPose>& people) const {
  if (decoding.decoder != PoseDecoder::kMoveNetMultiple) {
    return base::Fail(ErrorCode::kUnsupported, "only MoveNet MultiPose has boxes; expected a model of it");
  }
  std::pmr::vector<BoxedPose> found(&memory);
  POSENET_RETURN_IF_ERROR(DecodePeople(std::get<MoveNetLayout>(layout_).MapsOf(context), decoding, memory, found));
  people.assign(found.begin(), found.end());
  return {};
}

Result<Pose> PoseNetwork::DecodeMoveNetPerson(const nn::Context& context, const Pose& expected_px,
                                              float min_score) const {
  return decode::DecodeMoveNetPerson(std::get<MoveNetLayout>(layout_).MapsOf(context), expected_px, min_score);
}

}  // namespace posenet::human

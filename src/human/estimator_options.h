// SPDX-License-Identifier: Apache-2.0
// The options of an estimator in effect: defaults of the model filled in, and checked.
#ifndef POSENET_HUMAN_ESTIMATOR_OPTIONS_H_
#define POSENET_HUMAN_ESTIMATOR_OPTIONS_H_

#include <optional>

#include "human/movenet_layout.h"
#include "model/model_spec.h"
#include "posenet/human.h"

namespace posenet::human {

/// The sides of a MoveNet's input are multiples of this: the size of the cells of its coarsest features, which are
/// enlarged again by factors of 2.
inline constexpr int kMoveNetSideFactorPx = 32;

/// `options` with the defaults of the model, whose network has that kind, filled in.
PoseEstimatorOptions WithModelDefaults(PoseEstimatorOptions options, const model::ModelSpec& spec, NetworkKind kind);

/// The decoder of models that do not embed one, for poses that will be refined or not.
PoseDecoder DefaultDecoder(NetworkKind kind, bool is_refined);

/// Errors: kInvalidArgument for an option out of range. `options` must be filled in.
Result<void> CheckOptions(const PoseEstimatorOptions& options, NetworkKind kind);

/// The decoding options of an estimator as its user set them, and what they depend on.
struct DecodingDefaults {
  PoseDecoder decoder = PoseDecoder::kTfjsMultiple;
  PoseEstimatorMultiOptions multi = {};
  Mirror mirror = Mirror::kNone;
  std::optional<model::DecoderSpec> embedded = {};  // In the model.
  bool is_refined = false;
};

/// The decoding options of one call.
struct Decoding {
  PoseDecoder decoder = PoseDecoder::kTfjsMultiple;
  MultiPoseOptions multi;
  Mirror mirror = Mirror::kNone;
};

/// `decode` over the options of the estimator, over those of the decoder.
/// Errors: kInvalidArgument for an option out of range; kUnsupported if the decoder needs maps that the network does
/// not have.
Result<Decoding> DecodingOf(const DecodingDefaults& defaults, const PoseDecodeOptions& decode, NetworkKind kind);

/// The valid input side of a PoseNet for `side_px`, k * stride + 1, as in TensorFlow.js: rounded down, except that a
/// multiple of the stride grows by 1; of a MoveNet, a multiple of 32, rounded down. Errors: kInvalidArgument for sides
/// that leave less than a cell, or above the limit.
Result<int> ValidSide(const char* name, int side_px, int output_stride, NetworkKind kind);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_ESTIMATOR_OPTIONS_H_

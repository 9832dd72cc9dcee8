// SPDX-License-Identifier: Apache-2.0
// The options of an estimator in effect: defaults of the model filled in, and checked.
#ifndef POSENET_HUMAN_ESTIMATOR_OPTIONS_H_
#define POSENET_HUMAN_ESTIMATOR_OPTIONS_H_

#include <optional>

#include "human/movenet_layout.h"
#include "model/model_spec.h"
#include "posenet/human.h"

namespace posenet::human {

/// `options` with the defaults of the model, whose network has that kind, filled in.
PoseEstimatorOptions WithModelDefaults(PoseEstimatorOptions options, const model::ModelSpec& spec, NetworkKind kind);

/// Errors: kInvalidArgument for an option out of range, except decoding options. `options` must be filled in.
Result<void> CheckOptions(const PoseEstimatorOptions& options, NetworkKind kind);

/// The decoding options of one call.
struct Decoding {
  PoseDecoder decoder = PoseDecoder::kTfjsMultiple;
  MultiPoseOptions multi;
  Mirror mirror = Mirror::kNone;
};

/// What decides the decoding options of a call that does not set them.
struct DecodingDefaults {
  PoseDecoder decoder = PoseDecoder::kTfjsMultiple;
  PoseEstimatorMultiOptions multi;             ///< As the user of the estimator set them.
  std::optional<model::DecoderSpec> embedded;  ///< In the model.
  Mirror mirror = Mirror::kNone;
  NetworkKind kind = NetworkKind::kPoseNet;
  bool is_refined = false;  ///< Whether poses are proposals for a refiner.
};

/// `options` and the model's own, for a network of that kind.
DecodingDefaults DecodingDefaultsOf(const PoseEstimatorOptions& options, const model::ModelSpec& spec,
                                    NetworkKind kind);

/// `decode` over the options of the estimator, over those of the decoder that is used.
/// Errors: kInvalidArgument for an option out of range; kUnsupported if the decoder needs maps that the network does
/// not have.
Result<Decoding> DecodingOf(const DecodingDefaults& defaults, const PoseDecodeOptions& decode);

/// The valid input side of a PoseNet for `side_px`, k * stride + 1, as in TensorFlow.js: rounded down, except that a
/// multiple of the stride grows by 1; of a MoveNet, a multiple of 32, rounded down. Errors: kInvalidArgument for sides
/// that leave less than a cell, or above the limit.
Result<int> ValidSide(const char* name, int side_px, int output_stride, NetworkKind kind);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_ESTIMATOR_OPTIONS_H_

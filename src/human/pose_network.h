// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_POSE_NETWORK_H_
#define POSENET_HUMAN_POSE_NETWORK_H_

#include <memory>
#include <memory_resource>
#include <variant>
#include <vector>

#include "human/estimator_options.h"
#include "human/map_layout.h"
#include "human/movenet_layout.h"
#include "image/normalization.h"
#include "model/model_spec.h"
#include "nn/packed_network.h"
#include "nn/plan.h"
#include "posenet/human.h"

namespace posenet::human {

/// A network for human pose that is ready to run, and how its outputs are decoded.
class PoseNetwork {
 public:
  /// Adapts the network of `model` to `options`, packs its weights and plans its memory.
  /// Errors: those of PoseEstimator::Create.
  static Result<PoseNetwork> Create(const Model& model, const PoseEstimatorOptions& options);

  /// This network, which must be a MoveNet, for another size of the input; both share the weights.
  /// Errors: those of PoseEstimator::Create for the size.
  [[nodiscard]] Result<PoseNetwork> Resized(int width_px, int height_px) const;

  /// The options in effect.
  [[nodiscard]] const PoseEstimatorOptions& options() const { return options_; }
  [[nodiscard]] NetworkKind kind() const { return kind_; }

  /// The decoding options of a call: `decode` over those of the estimator. Errors: see human::DecodingOf.
  [[nodiscard]] Result<Decoding> DecodingOf(const PoseDecodeOptions& decode) const {
    return human::DecodingOf(decoding_, decode, kind_);
  }
  [[nodiscard]] const image::Normalization& normalization() const { return normalization_; }
  [[nodiscard]] const std::shared_ptr<const nn::Plan>& plan() const { return plan_; }

  /// Decodes the maps of the last run of `context` into `poses`, in pixels of the input. Temporaries are in `memory`:
  /// given a pool resource, repeated calls do not allocate. Errors: those of the decoders. Throws std::bad_alloc.
  [[nodiscard]] Result<void> Decode(const nn::Context& context, const Decoding& decoding,
                                    std::pmr::memory_resource& memory, std::vector<Pose>& poses) const;

  /// The same with boxes, by DecodeMoveNetPeople. Errors: kUnsupported with other decoders, too.
  [[nodiscard]] Result<void> Decode(const nn::Context& context, const Decoding& decoding,
                                    std::pmr::memory_resource& memory, std::vector<BoxedPose>& people) const;

  /// The same by DecodeMoveNetPerson, for a MoveNet for one person. Does not allocate.
  [[nodiscard]] Result<Pose> DecodeMoveNetPerson(const nn::Context& context, const Pose& expected_px,
                                                 float min_score) const;

 private:
  PoseNetwork() = default;

  PoseEstimatorOptions options_;
  DecodingDefaults decoding_;
  NetworkKind kind_ = NetworkKind::kPoseNet;
  image::Normalization normalization_;
  std::shared_ptr<const nn::PackedNetwork> packed_;
  std::shared_ptr<const nn::Plan> plan_;
  std::variant<MapLayout, MoveNetLayout> layout_;
};

}  // namespace posenet::human

#endif  // POSENET_HUMAN_POSE_NETWORK_H_

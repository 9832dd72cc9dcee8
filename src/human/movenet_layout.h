// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_MOVENET_LAYOUT_H_
#define POSENET_HUMAN_MOVENET_LAYOUT_H_

#include "nn/plan.h"
#include "posenet/movenet.h"

namespace posenet::human {

/// Which maps a network has.
enum class NetworkKind {
  kPoseNet,
  kMoveNetSingle,    ///< MoveNet Lightning and Thunder.
  kMoveNetMultiple,  ///< MoveNet MultiPose: also boxes.
};

/// Recognizes MoveNet by the names of its outputs (model/model_spec.h). All other networks are PoseNets.
NetworkKind KindOf(const nn::Network& network);

/// Maps the outputs of a MoveNet to the inputs of its decoders.
class MoveNetLayout {
 public:
  /// Errors: kUnsupported if an output is missing or does not have the expected size.
  static Result<MoveNetLayout> Create(const nn::Plan& plan, NetworkKind kind);

  /// The maps of the last run of `context`; valid until the next run. Without boxes unless the network has them.
  [[nodiscard]] MoveNetMaps MapsOf(const nn::Context& context) const;

 private:
  MoveNetMaps sizes_;  // Without data.
  // Indices of the outputs.
  int center_ = 0;
  int keypoint_heatmap_ = 0;
  int keypoint_regression_ = 0;
  int keypoint_offset_ = 0;
  int box_offset_ = -1;  // -1 for none.
  int box_scale_ = -1;
};

}  // namespace posenet::human

#endif  // POSENET_HUMAN_MOVENET_LAYOUT_H_

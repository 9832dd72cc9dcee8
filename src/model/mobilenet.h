// SPDX-License-Identifier: Apache-2.0
// MobileNetV1 PoseNets, as first released for TensorFlow.js.
#ifndef POSENET_MODEL_MOBILENET_H_
#define POSENET_MODEL_MOBILENET_H_

#include "model/network_builder.h"
#include "nn/graph/network.h"

namespace posenet::model {

/// The network of PoseNet with MobileNetV1 of width `multiplier` (0.50, 0.75 or 1.0), batch normalization folded into
/// weights and biases, and four linear 1 x 1 heads: kHeatmapOutput, kOffsetOutput, kDisplacementFwdOutput and
/// kDisplacementBwdOutput. Expects pixels in [-1, 1].
///
/// `output_stride` is 8, 16 or 32. Multipliers below 1.0 stop at stride 16, like the released networks: their last two
/// blocks have 512 * multiplier channels and stride 1, so 32 has the same effect as 16.
///
/// Tensors are named after their layer, with the suffix "/weights" or "/biases".
/// Source: Howard et al. 2017, table 1; TensorFlow.js PoseNet, mobilenet.ts.
nn::Network MobileNetV1Network(float multiplier, int output_stride);

/// Appends the same network without its heads to the input of `builder`.
Features AppendMobileNetV1(float multiplier, int output_stride, NetworkBuilder& builder);

}  // namespace posenet::model

#endif  // POSENET_MODEL_MOBILENET_H_

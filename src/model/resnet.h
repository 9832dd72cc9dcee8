// SPDX-License-Identifier: Apache-2.0
// ResNet PoseNets, as released for TensorFlow.js.
#ifndef POSENET_MODEL_RESNET_H_
#define POSENET_MODEL_RESNET_H_

#include <vector>

#include "nn/graph/network.h"

namespace posenet::model {

/// A residual network of bottleneck units: a stem of stride 4, then blocks of units; a unit has `base` channels inside
/// and 4 * `base` outside. All blocks but the last halve the map in their last unit.
struct ResNetShape {
  struct Block {
    int unit_count = 0;
    int base = 0;
  };
  int stem_channels = 0;
  std::vector<Block> blocks;
};

/// ResNet-50: 64 in the stem; 3, 4, 6 and 3 units of 64, 128, 256 and 512.
ResNetShape ResNet50Shape();

/// The network of PoseNet with such a ResNet, batch normalization folded into weights and biases, and the heads of
/// MobileNetV1Network. Expects pixels in [0, 255] minus the means (123.15, 115.90, 103.06). `output_stride` is that of
/// the undilated network (32 for four blocks), or a smaller one of at least 4, for which it is dilated as in TF-slim.
///
/// Tensors are named after their layer, with the suffix "/weights" or "/biases".
/// Source: He et al. 2015, section 4; TF-slim resnet_v1 (strides in the last unit of a block, explicit padding of
/// strided windows, identity shortcuts subsampled by a 1 x 1 max pool).
nn::Network ResNetNetwork(const ResNetShape& shape, int output_stride);

}  // namespace posenet::model

#endif  // POSENET_MODEL_RESNET_H_

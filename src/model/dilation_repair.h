// SPDX-License-Identifier: Apache-2.0
// Repairs graphs whose converter applied a dilation in one direction only.
#ifndef POSENET_MODEL_DILATION_REPAIR_H_
#define POSENET_MODEL_DILATION_REPAIR_H_

#include <string>
#include <vector>

#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::model {

/// Names of the layers whose square kernel is dilated by different amounts along rows and columns. No PoseNet was
/// trained this way; a released TensorFlow.js graph of MobileNetV1 1.0 has such a layer, because its converter wrote
/// [2, 2, 1, 1] (batch, rows, columns, channels) instead of [1, 2, 2, 1], and TensorFlow.js executes what is written.
std::vector<std::string> LopsidedLayers(const nn::Network& network);

/// `network` with the larger dilation in both directions of those layers: more accurate, but its outputs differ from
/// those of TensorFlow.js for that graph. Errors: kUnsupported if such a layer has explicit padding, whose intended
/// extent is unknown.
Result<nn::Network> WithRepairedDilation(const nn::Network& network);

}  // namespace posenet::model

#endif  // POSENET_MODEL_DILATION_REPAIR_H_

// SPDX-License-Identifier: Apache-2.0
// Mending graphs whose converter wrote a dilation into one direction only.
#ifndef POSENET_MODEL_DILATION_REPAIR_H_
#define POSENET_MODEL_DILATION_REPAIR_H_

#include <string>
#include <vector>

#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::model {

/// Names of the layers whose square kernel is dilated along rows and columns by different amounts. No PoseNet was
/// trained so; a released TensorFlow.js graph of MobileNetV1 1.0 has one, because its converter wrote [2, 2, 1, 1]
/// (batch, rows, columns, channels) where it meant [1, 2, 2, 1], and TensorFlow.js runs what is written.
std::vector<std::string> LopsidedLayers(const nn::Network& network);

/// `network` with the larger dilation in both directions of those layers: more accurate, and no longer what
/// TensorFlow.js answers for that graph.
/// Errors: kUnsupported when such a layer pads explicitly, which leaves open what the padding was meant for.
Result<nn::Network> WithRepairedDilation(const nn::Network& network);

}  // namespace posenet::model

#endif  // POSENET_MODEL_DILATION_REPAIR_H_

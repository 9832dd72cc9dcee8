// SPDX-License-Identifier: Apache-2.0
// What the outputs of a quantized network must not lose.
#ifndef POSENET_CALIBRATE_QUANTIZATION_LOSS_H_
#define POSENET_CALIBRATE_QUANTIZATION_LOSS_H_

#include "nn/graph/network.h"
#include "quantize/quantize.h"

namespace posenet::calibrate {

/// For a MoveNet, the mean squared distance of the confident keypoints of the person in the middle from those of the
/// float network, in pixels of the input; distances count up to one cell. For other networks, the error of the outputs.
quantize::Loss LossFor(const nn::Network& network);

}  // namespace posenet::calibrate

#endif  // POSENET_CALIBRATE_QUANTIZATION_LOSS_H_

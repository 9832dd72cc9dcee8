// SPDX-License-Identifier: Apache-2.0
// One network at several output strides.
#ifndef POSENET_MODEL_OUTPUT_STRIDE_H_
#define POSENET_MODEL_OUTPUT_STRIDE_H_

#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::model {

/// Input pixels per cell of the network's first output: the product of the strides on the way.
/// Errors: kUnsupported when paths of different stride meet.
Result<int> OutputStrideOf(const nn::Network& network);

/// `network` with the output stride `output_stride`, its weights unchanged: once the wanted stride is reached, further
/// strides become 1 and the layers behind them are dilated instead, as PoseNet does. Undoes such dilation first, so any
/// stride can be derived from any other; a dilation in one direction only is mended for that (dilation_repair.h). The
/// network's own stride gives the network as it is.
/// Errors: kUnsupported when the network never had that stride, or mixes strides in ways that cannot be undone.
/// Source: DeepLab's atrous convolution (Chen et al. 2018, section 3.1); TensorFlow.js PoseNet, mobilenet.ts.
Result<nn::Network> WithOutputStride(const nn::Network& network, int output_stride);

}  // namespace posenet::model

#endif  // POSENET_MODEL_OUTPUT_STRIDE_H_

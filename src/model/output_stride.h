// SPDX-License-Identifier: Apache-2.0
// Derives a network at another output stride.
#ifndef POSENET_MODEL_OUTPUT_STRIDE_H_
#define POSENET_MODEL_OUTPUT_STRIDE_H_

#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::model {

/// Input pixels per cell of the network's first output: the product of the strides on the way to it.
/// Errors: kUnsupported if paths of different strides meet, or the output is not a map.
Result<int> OutputStrideOf(const nn::Network& network);

/// Input pixels per cell of the coarsest map in the network. Networks that upsample, and add the result to a finer map,
/// need an input whose width and height are multiples of it. Errors: as OutputStrideOf.
Result<int> CoarsestStrideOf(const nn::Network& network);

/// `network` at output stride `output_stride`, its weights unchanged: once that stride is reached, further strides
/// become 1 and the layers after them are dilated instead, as in PoseNet. Such dilation is undone first, so that any
/// stride can be derived from any other; a dilation in one direction only is repaired for that (dilation_repair.h). For
/// its own stride, the network is returned unchanged. Errors: kUnsupported if the network never has that stride, or
/// mixes strides in ways that cannot be undone, or upsamples. Source: DeepLab's atrous convolution (Chen et al. 2018,
/// section 3.1); TensorFlow.js PoseNet, mobilenet.ts.
Result<nn::Network> WithOutputStride(const nn::Network& network, int output_stride);

}  // namespace posenet::model

#endif  // POSENET_MODEL_OUTPUT_STRIDE_H_

// SPDX-License-Identifier: Apache-2.0
// How much there is to compute.
#ifndef POSENET_NN_GRAPH_OPERATION_COUNT_H_
#define POSENET_NN_GRAPH_OPERATION_COUNT_H_

#include <vector>

#include "nn/graph/network.h"

namespace posenet::nn {

/// Of each layer: multiplications and additions of its convolution or fully connected layer, for an input of that
/// shape; 0 for other layers. What lies in the padding counts. Errors: those of InferShapes.
Result<std::vector<double>> OperationCounts(const Network& network, const Shape& input);

}  // namespace posenet::nn

#endif  // POSENET_NN_GRAPH_OPERATION_COUNT_H_

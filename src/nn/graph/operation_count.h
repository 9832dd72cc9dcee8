// SPDX-License-Identifier: Apache-2.0
// The arithmetic work of a network.
#ifndef POSENET_NN_GRAPH_OPERATION_COUNT_H_
#define POSENET_NN_GRAPH_OPERATION_COUNT_H_

#include <vector>

#include "nn/graph/network.h"

namespace posenet::nn {

/// The multiplications and additions of each layer for an input of shape `input`: those of convolutions, fully
/// connected layers and LSTMs, padding included; 0 for other layers. Errors: those of InferShapes.
Result<std::vector<double>> OperationCounts(const Network& network, const Shape& input);

}  // namespace posenet::nn

#endif  // POSENET_NN_GRAPH_OPERATION_COUNT_H_

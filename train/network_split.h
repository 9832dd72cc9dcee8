// SPDX-License-Identifier: Apache-2.0
// A network in two: layers that keep their weights, which the engine computes, and layers that learn.
#ifndef POSENET_TRAIN_NETWORK_SPLIT_H_
#define POSENET_TRAIN_NETWORK_SPLIT_H_

#include "nn/graph/network.h"

namespace posenet::train {

/// The output of a stem, which is the input of the rest.
inline constexpr const char* kStemOutput = "stem";

struct SplitNetwork {
  nn::Network stem;  ///< No layers where nothing is kept.
  nn::Network rest;
};

/// Cuts `network` at the first value that has at least `frozen_count` convolutions before it and that all later layers
/// depend on alone. Throws TrainError (kInvalidArgument) when there is none.
SplitNetwork SplitAfterConvolutions(const nn::Network& network, int frozen_count);

/// Convolutions in `network`.
int ConvolutionCount(const nn::Network& network);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_NETWORK_SPLIT_H_

// SPDX-License-Identifier: Apache-2.0
// Splits a network into frozen layers, which the engine computes, and trained layers.
#ifndef POSENET_TRAIN_NETWORK_SPLIT_H_
#define POSENET_TRAIN_NETWORK_SPLIT_H_

#include "nn/graph/network.h"

namespace posenet::train {

/// The name of the stem's output, which is the input of the rest.
inline constexpr const char* kStemOutput = "stem";

struct SplitNetwork {
  nn::Network stem;  ///< The frozen layers; may have none.
  nn::Network rest;
};

/// Cuts `network` at the first value that has at least `frozen_count` convolutions before it and is the only one before
/// the cut that later layers read. Throws TrainError (kInvalidArgument) if there is none.
SplitNetwork SplitAfterConvolutions(const nn::Network& network, int frozen_count);

/// The number of convolutions in `network`.
int ConvolutionCount(const nn::Network& network);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_NETWORK_SPLIT_H_

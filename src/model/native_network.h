// SPDX-License-Identifier: Apache-2.0
// Undoes the dilation of a network.
#ifndef POSENET_MODEL_NATIVE_NETWORK_H_
#define POSENET_MODEL_NATIVE_NETWORK_H_

#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::model {

/// `network` with every stride that was replaced by dilation restored, and nothing dilated. A window dilated by d
/// implies that the values that it reads had d times the stride; the stride is restored at the last window of several
/// cells before it, and at the 1 x 1 projections and identity shortcuts beside that (for the latter as a new 1 x 1 max
/// pool, named after the layer that it feeds, with the suffix "/shortcut"). A stride that no window of several cells
/// follows leaves no trace and stays as it is. Every cell of the result is a cell of `network`'s for sizes that are a
/// multiple of the stride plus 1. Errors: kUnsupported naming the layer, for dilations that do not come from strides.
Result<nn::Network> NativeNetwork(const nn::Network& network);

}  // namespace posenet::model

#endif  // POSENET_MODEL_NATIVE_NETWORK_H_

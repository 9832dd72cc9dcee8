// SPDX-License-Identifier: Apache-2.0
// A dilated network as it was before it was dilated.
#ifndef POSENET_MODEL_NATIVE_NETWORK_H_
#define POSENET_MODEL_NATIVE_NETWORK_H_

#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::model {

/// `network` with every stride that was traded for dilation put back, and nothing dilated. A window that is dilated by
/// d tells that the values it reads had d times the stride; the stride goes to the last window of several cells before,
/// and to the 1 x 1 projections and (as a new 1 x 1 max pool, called as the layer that it feeds with "/shortcut"
/// behind) the identity shortcuts beside it. A stride behind which no window of several cells follows leaves no trace
/// and stays as it is. Every cell of the result is a cell of `network`'s, where sizes are valid (a multiple of the
/// stride plus 1). Errors: kUnsupported naming the layer, for dilations that are not traces of strides.
Result<nn::Network> NativeNetwork(const nn::Network& network);

}  // namespace posenet::model

#endif  // POSENET_MODEL_NATIVE_NETWORK_H_

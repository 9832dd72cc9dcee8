// SPDX-License-Identifier: Apache-2.0
// What values are kept as between layers, and in which numbers products are computed.
#ifndef POSENET_NN_PACKING_STORAGE_H_
#define POSENET_NN_PACKING_STORAGE_H_

#include <vector>

#include "nn/graph/element_type.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "nn/plan.h"

namespace posenet::nn {

enum class ProductKind { kFloat32, kBFloat16, kInt8 };

struct Storage {
  std::vector<ElementType> types;  // Of each value.
  std::vector<ProductKind> kinds;  // Of each layer; kFloat32 for those that are no product.
};

/// Whether products of few bits can compute `conv`: a pointwise convolution whose rows are whole groups of the elements
/// that dot products take at once.
bool IsDotProduct(const Conv2d& conv, int in_channels);

/// Few bits where everybody who touches a value can handle them, floats elsewhere. Pointwise convolutions multiply
/// numbers of few bits, depthwise ones read and write any. `channels` as InferChannels answers them.
Storage ChooseStorage(const Network& network, const std::vector<int>& channels, const TensorMap& tensors,
                      BFloat16Use bfloat16);

/// The units that a value of `type` counts in, if it counts: `scales` are those of 8 bits.
std::vector<float> UnitsInForce(ElementType type, std::vector<float> scales);

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_STORAGE_H_

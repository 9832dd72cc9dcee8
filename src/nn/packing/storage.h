// SPDX-License-Identifier: Apache-2.0
// The precision in which values are stored between layers and in which products are computed.
#ifndef POSENET_NN_PACKING_STORAGE_H_
#define POSENET_NN_PACKING_STORAGE_H_

#include <vector>

#include "nn/graph/element_type.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "nn/pack_options.h"
#include "nn/packing/layer_weights.h"

namespace posenet::nn {

enum class ProductKind { kFloat32, kBFloat16, kInt8 };

struct Storage {
  std::vector<ElementType> types;  // Of each value.
  std::vector<ProductKind> kinds;  // Of each layer; kFloat32 for layers that are no product.
};

/// Whether `conv` can be computed in low precision: a pointwise convolution whose rows are a multiple of the elements
/// that dot products read at once.
bool IsDotProduct(const Conv2d& conv, int in_channels);

/// Chooses low precision for values that every layer which reads or writes them can handle in low precision, and floats
/// for the others. Pointwise convolutions multiply in low precision, and round inputs that are stored as floats;
/// depthwise convolutions read and write any precision. `channels` is the result of InferChannels.
Storage ChooseStorage(const Network& network, const std::vector<int>& channels, const TensorMap& tensors,
                      BFloat16Use bfloat16);

/// The units of a value that is stored as `type`, given its `units` as kUint8; empty for types without units.
IntegerUnits UnitsInForce(ElementType type, IntegerUnits units);

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_STORAGE_H_

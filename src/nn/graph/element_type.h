// SPDX-License-Identifier: Apache-2.0
// The representations of values in memory between layers.
#ifndef POSENET_NN_GRAPH_ELEMENT_TYPE_H_
#define POSENET_NN_GRAPH_ELEMENT_TYPE_H_

#include <cstddef>

namespace posenet::nn {

enum class ElementType {
  kFloat32,
  /// The upper half of a float32, rounded to nearest even.
  kBFloat16,
  /// An integer from 0 to 255, in units of its channel (Layer::scales) or with a scale and zero point (Quantization).
  kUint8,
  /// An integer from 0 to 65535, in units of its channel.
  kUint16,
  /// A kUint8 widened to 16 bits, as instruction sets without dot products of bytes multiply it.
  kUint8In16,
};

/// Bytes of one element.
constexpr std::ptrdiff_t BytesOf(ElementType type) {
  switch (type) {
    case ElementType::kFloat32:
      return 4;
    case ElementType::kBFloat16:
    case ElementType::kUint16:
    case ElementType::kUint8In16:
      return 2;
    case ElementType::kUint8:
      break;
  }
  return 1;
}

}  // namespace posenet::nn

#endif  // POSENET_NN_GRAPH_ELEMENT_TYPE_H_

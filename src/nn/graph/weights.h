// SPDX-License-Identifier: Apache-2.0
// Weights by name, as they are stored in a file.
#ifndef POSENET_NN_GRAPH_WEIGHTS_H_
#define POSENET_NN_GRAPH_WEIGHTS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "posenet/result.h"

namespace posenet::nn {

/// Element types of stored tensors.
enum class DType { kFloat32, kFloat16, kBFloat16, kUint8, kInt8, kUint16, kInt32, kInt64 };

/// Bytes of one element.
std::size_t SizeOf(DType dtype);

/// A view of a tensor in memory: row-major, little-endian, possibly unaligned. The memory must outlive the view.
struct TensorView {
  DType dtype = DType::kFloat32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;

  /// The product of `shape`, saturated at the largest int64; -1 if an extent is negative.
  [[nodiscard]] std::int64_t ElementCount() const;
};

/// Tensors by name. Ordered, so that files made from them are reproducible.
using TensorMap = std::map<std::string, TensorView, std::less<>>;

/// The elements as floats. Errors: kUnsupported for integer types; kCorruptData if the byte count does not match the
/// shape or an element is not finite.
Result<std::vector<float>> ToFloat(const TensorView& tensor);

}  // namespace posenet::nn

#endif  // POSENET_NN_GRAPH_WEIGHTS_H_

// SPDX-License-Identifier: Apache-2.0
// The tensors of a TFLite file, as nodes of a graph.
#ifndef POSENET_IMPORT_TFLITE_TENSORS_H_
#define POSENET_IMPORT_TFLITE_TENSORS_H_

#include <cstddef>
#include <span>

#include "import/graph.h"
#include "tflite_generated.h"

namespace posenet::importer {

/// More dimensions than anything that makes sense.
inline constexpr std::size_t kMaxTfliteRank = 8;

/// Vectors of a flatbuffer may be left out.
template <typename T>
std::size_t VectorSize(const flatbuffers::Vector<T>* vector) {
  return vector == nullptr ? 0 : vector->size();
}

/// Reads tensors of one file one after the other.
class TfliteTensorReader {
 public:
  explicit TfliteTensorReader(const tflite::Model& model) : model_(model) {}

  /// A constant if `tensor` has data, else something that an operator or the caller must make. Constants of types that
  /// we have no use for have a problem, which matters if they are read.
  /// Errors: kCorruptData for data that are not there or do not match the shape; kUnsupported for integers beyond 32
  /// bits; kResourceExhausted for more weights than we take in all.
  Result<Node> Read(const tflite::Tensor& tensor);

 private:
  Result<void> ReadData(const tflite::Tensor& tensor, std::span<const std::byte> bytes, Node& node);
  Result<void> CountElements(std::size_t count);

  const tflite::Model& model_;
  std::size_t element_count_ = 0;  // Of all constants so far.
};

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TFLITE_TENSORS_H_

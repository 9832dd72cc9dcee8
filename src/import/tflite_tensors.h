// SPDX-License-Identifier: Apache-2.0
// The tensors of a TFLite file as nodes of a graph.
#ifndef POSENET_IMPORT_TFLITE_TENSORS_H_
#define POSENET_IMPORT_TFLITE_TENSORS_H_

#include <cstddef>
#include <span>

#include "import/graph.h"
#include "tflite_generated.h"

namespace posenet::importer {

/// More dimensions than any sensible tensor has.
inline constexpr std::size_t kMaxTfliteRank = 8;

/// Flatbuffers may omit vectors.
template <typename T>
std::size_t VectorSize(const flatbuffers::Vector<T>* vector) {
  return vector == nullptr ? 0 : vector->size();
}

/// Reads the tensors of one file.
class TfliteTensorReader {
 public:
  explicit TfliteTensorReader(const tflite::Model& model) : model_(model) {}

  /// A constant if `tensor` has data, else a node whose operation is set later. Constants of unsupported types have a
  /// problem, which matters if they are used.
  /// Errors: kCorruptData for missing data and data of another size than the shape; kUnsupported for integers beyond 32
  /// bits; kResourceExhausted for more than kMaxWeightElements in total.
  Result<Node> Read(const tflite::Tensor& tensor);

 private:
  Result<void> ReadData(const tflite::Tensor& tensor, std::span<const std::byte> bytes, Node& node);
  Result<void> CountElements(std::size_t count);

  const tflite::Model& model_;
  std::size_t element_count_ = 0;  // In all constants so far.
};

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TFLITE_TENSORS_H_

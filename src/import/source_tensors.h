// SPDX-License-Identifier: Apache-2.0
// Tensors as a file of others holds them: their names, their layouts.
#ifndef POSENET_IMPORT_SOURCE_TENSORS_H_
#define POSENET_IMPORT_SOURCE_TENSORS_H_

#include <cstddef>
#include <vector>

#include "nn/graph/weights.h"

namespace posenet::importer {

/// Tensors that point into the file's bytes, or, where they do not lie there as they should, into `copies`. Elements
/// are not looked at.
struct SourceTensors {
  nn::TensorMap tensors;
  std::vector<std::vector<std::byte>> copies;
};

/// Bytes that `copies` of one file may have in all.
inline constexpr std::size_t kMaxCopiedBytes = std::size_t{1} << 30;

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_SOURCE_TENSORS_H_

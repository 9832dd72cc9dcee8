// SPDX-License-Identifier: Apache-2.0
// Tensors with the names and layouts of their file.
#ifndef POSENET_IMPORT_SOURCE_TENSORS_H_
#define POSENET_IMPORT_SOURCE_TENSORS_H_

#include <cstddef>
#include <vector>

#include "nn/graph/weights.h"

namespace posenet::importer {

/// Tensors that point into the file's bytes or, if they are not contiguous there, into `copies`. Elements are not
/// checked.
struct SourceTensors {
  nn::TensorMap tensors;
  std::vector<std::vector<std::byte>> copies;
};

/// Maximum total size of `copies`.
inline constexpr std::size_t kMaxCopiedBytes = std::size_t{1} << 30;

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_SOURCE_TENSORS_H_

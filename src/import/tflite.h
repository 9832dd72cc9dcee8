// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_IMPORT_TFLITE_H_
#define POSENET_IMPORT_TFLITE_H_

#include <cstddef>
#include <span>

#include "import/graph.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Whether `bytes` have the file identifier of a TFLite model.
[[nodiscard]] bool IsTflite(std::span<const std::byte> bytes);

/// The graph of a TFLite model: of float32 or float16 weights, or quantized to uint8.
/// Errors: kCorruptData for files that violate the format; kUnsupported for other quantized models.
Result<Graph> ReadTflite(std::span<const std::byte> bytes);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TFLITE_H_

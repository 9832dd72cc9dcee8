// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_IMPORT_TFLITE_H_
#define POSENET_IMPORT_TFLITE_H_

#include <cstddef>
#include <span>

#include "import/graph.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Whether `bytes` say of themselves that they are a TFLite model.
[[nodiscard]] bool IsTflite(std::span<const std::byte> bytes);

/// The graph of a TFLite model with float weights (float32, or float16 to be dequantized at run time).
/// Errors: kCorruptData for bytes that the format does not allow; kUnsupported for quantized models.
Result<Graph> ReadTflite(std::span<const std::byte> bytes);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TFLITE_H_

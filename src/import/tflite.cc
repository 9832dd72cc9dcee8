// SPDX-License-Identifier: Apache-2.0
#include "import/tflite.h"

#include "base/error.h"

namespace posenet::importer {

bool IsTflite(std::span<const std::byte> /*bytes*/) { return false; }

Result<Graph> ReadTflite(std::span<const std::byte> /*bytes*/) {
  return Fail(ErrorCode::kUnsupported, "TFLite models are not read yet");
}

}  // namespace posenet::importer

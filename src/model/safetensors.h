// SPDX-License-Identifier: Apache-2.0
// The safetensors container: an 8-byte little-endian header length, a JSON header that names dtype, shape and byte
// range of every tensor, then the bytes.
#ifndef POSENET_MODEL_SAFETENSORS_H_
#define POSENET_MODEL_SAFETENSORS_H_

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::model {

/// A parsed container; the tensors point into the bytes it was parsed from.
struct SafetensorsView {
  std::map<std::string, std::string> metadata;
  nn::TensorMap tensors;
  std::span<const std::byte> data;  // Everything after the header.
};

/// Parses `bytes`, which must outlive the view. Errors: kCorruptData for anything that the format does not allow: a
/// header longer than the file or than 100 MB, duplicate keys, shapes and ranges that do not match, gaps and overlaps;
/// kUnsupported for unknown dtypes.
Result<SafetensorsView> ParseSafetensors(std::span<const std::byte> bytes);

/// The container of `tensors`, laid out in the order of their names, with data aligned to 64 bytes. The same arguments
/// result in the same bytes.
std::vector<std::byte> SerializeSafetensors(const std::map<std::string, std::string>& metadata,
                                            const nn::TensorMap& tensors);

}  // namespace posenet::model

#endif  // POSENET_MODEL_SAFETENSORS_H_

// SPDX-License-Identifier: Apache-2.0
// The model file: a safetensors container whose metadata holds the ModelSpec (docs/model-format.md).
#ifndef POSENET_MODEL_MODEL_FILE_H_
#define POSENET_MODEL_MODEL_FILE_H_

#include <filesystem>
#include <span>
#include <string>

#include "model/model_spec.h"

namespace posenet {

/// Maps and checks a model file. Errors: as Model::Load.
Result<LoadedModel> LoadModelFile(const std::filesystem::path& path);

/// The same for bytes that `storage` keeps alive.
Result<LoadedModel> ParseModelFile(std::span<const std::byte> bytes, std::shared_ptr<const void> storage);

/// Writes `model` (tensors that the network does not use are left out) under a temporary name and renames it. The
/// metadata gets the SHA-256 of the tensor data. Errors: kIo, kPermissionDenied, kNotFound.
Result<void> WriteModelFile(const std::filesystem::path& path, const LoadedModel& model);

/// What VerifyModelFile found.
struct VerifyReport {
  std::string sha256;  // Of the tensor data, lower-case hex.
  std::int64_t parameter_count = 0;
};

/// Reads every byte of a model file: the container, the spec, the hash, finite weights, shapes that fit the network.
/// Errors: kCorruptData saying what does not match, and those of LoadModelFile.
Result<VerifyReport> VerifyModelFile(const std::filesystem::path& path);

}  // namespace posenet

#endif  // POSENET_MODEL_MODEL_FILE_H_

// SPDX-License-Identifier: Apache-2.0
// The model file: a safetensors container whose metadata holds the ModelSpec (docs/model-format.md).
#ifndef POSENET_MODEL_MODEL_FILE_H_
#define POSENET_MODEL_MODEL_FILE_H_

#include <filesystem>
#include <span>
#include <string>

#include "model/model_spec.h"

namespace posenet::model {

/// Checks that the spec and the weights belong together: the weights that the network reads are there, in their shapes
/// (at the model's input size, if it has one), and `output_stride` is the network's own (0 for networks that output no
/// maps, never for kHumanTask). The task's own section is not looked at: see ModelSpec::task_json.
/// Errors: kInvalidArgument when the network contradicts itself; kCorruptData, kUnsupported.
Result<void> ValidateModel(const LoadedModel& model);

/// Maps and checks a model file. Errors: as Model::Load.
Result<LoadedModel> LoadModelFile(const std::filesystem::path& path);

/// The same for bytes that `storage` keeps alive.
Result<LoadedModel> ParseModelFile(std::span<const std::byte> bytes, std::shared_ptr<const void> storage);

/// Writes `model` (tensors that the network does not use are left out) under a temporary name and renames it. The
/// metadata gets the SHA-256 of the tensor data. Errors: kIo, kPermissionDenied, kNotFound; those of ParseModelFile for
/// a model that could not be read back, nothing is written then.
Result<void> WriteModelFile(const std::filesystem::path& path, const LoadedModel& model);

/// What VerifyModelFile found.
struct VerifyReport {
  std::string sha256;  // Of the tensor data, lower-case hex.
  std::int64_t parameter_count = 0;
};

/// Reads every byte of a model file: the container, the spec, the hash, finite weights, shapes that fit the network.
/// For networks that answer maps, the shapes are those of a 257 x 257 image.
/// Errors: kCorruptData saying what does not match, and those of LoadModelFile.
Result<VerifyReport> VerifyModelFile(const std::filesystem::path& path);

}  // namespace posenet::model

#endif  // POSENET_MODEL_MODEL_FILE_H_

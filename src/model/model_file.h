// SPDX-License-Identifier: Apache-2.0
// The model file: a safetensors container whose metadata holds the ModelSpec (docs/reference/model-format.md).
#ifndef POSENET_MODEL_MODEL_FILE_H_
#define POSENET_MODEL_MODEL_FILE_H_

#include <filesystem>
#include <span>
#include <string>

#include "model/model_spec.h"

namespace posenet::model {

/// Checks that the spec and the weights belong together: the weights that the network reads are there, in their shapes
/// (at the model's input size, if it has one), and `output_stride` is the network's own (0 for networks that output no
/// maps, never for kHumanTask). The task's own section, ModelSpec::task_json, is not checked.
/// Errors: kInvalidArgument for an invalid network; kCorruptData, kUnsupported.
Result<void> ValidateModel(const LoadedModel& model);

/// Maps and checks a model file. Errors: as Model::Load.
Result<LoadedModel> LoadModelFile(const std::filesystem::path& path);

/// The same for bytes that `storage` keeps alive.
Result<LoadedModel> ParseModelFile(std::span<const std::byte> bytes, std::shared_ptr<const void> storage);

/// Writes `model` (without tensors that the network does not use) to a temporary file and renames that. The SHA-256 of
/// the tensor data is added to the metadata. Errors: kIo, kPermissionDenied, kNotFound; those of ParseModelFile for a
/// model that could not be read back, in which case nothing is written.
Result<void> WriteModelFile(const std::filesystem::path& path, const LoadedModel& model);

/// The result of VerifyModelFile.
struct VerifyReport {
  std::string sha256;  // Of the tensor data, in lower-case hexadecimal.
  std::int64_t parameter_count = 0;
};

/// Reads every byte of a model file and checks the container, the spec, the hash, that weights are finite, and shapes
/// (for networks that output maps, those for an image of the model's size or, if it has none, of 257 x 257). Errors:
/// kCorruptData naming what does not match; those of LoadModelFile.
Result<VerifyReport> VerifyModelFile(const std::filesystem::path& path);

}  // namespace posenet::model

#endif  // POSENET_MODEL_MODEL_FILE_H_

// SPDX-License-Identifier: Apache-2.0
// The variants of a model: the float model and what it was quantized to, each in a file of its own. What a file holds
// is read from its header; its name does not matter.
#ifndef POSENET_MODEL_MODEL_VARIANTS_H_
#define POSENET_MODEL_MODEL_VARIANTS_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/model_spec.h"
#include "posenet/result.h"

namespace posenet::model {

/// The lowest precision among a model's weights: what it was quantized to.
enum class WeightPrecision {
  kFloat,  ///< float32, or float16 as a means of storage.
  kBFloat16,
  kInt8,
  kUint8,  ///< A network trained for TensorFlow Lite's integer arithmetic (nn::IsQuantized); it has no variants.
};

/// The precision of `model`'s weights.
WeightPrecision WeightPrecisionOf(const LoadedModel& model);

/// "float", "bf16", "int8" or "uint8".
std::string_view NameOf(WeightPrecision precision);

/// Identifies `model`: equal for files with the same description and weights. It is the SHA-256 of the description
/// (ModelSpecToJson) followed by LoadedModel::sha256. Empty for a model that was not read from a file.
std::string ModelIdOf(const LoadedModel& model);

struct ModelVariant {
  std::filesystem::path file;
  WeightPrecision precision = WeightPrecision::kFloat;
  LoadedModel model;
};

/// The model in `file`. Errors: those of LoadModelFile.
Result<ModelVariant> LoadVariant(const std::filesystem::path& file);

/// The other variants of `variant` among the *.safetensors files of its folder, sorted by file name: the model that it
/// was quantized from, and those that were quantized from the same model. Files that cannot be read, and folders that
/// cannot be listed, count as having none. Weights are mapped into memory, not read.
std::vector<ModelVariant> FindOtherVariants(const ModelVariant& variant);

}  // namespace posenet::model

#endif  // POSENET_MODEL_MODEL_VARIANTS_H_

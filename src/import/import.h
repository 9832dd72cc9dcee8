// SPDX-License-Identifier: Apache-2.0
// Main header of the module import: converts models of other frameworks to ours. A module of its own, because programs
// that only run models need neither its code nor its libraries.
#ifndef POSENET_IMPORT_IMPORT_H_
#define POSENET_IMPORT_IMPORT_H_

#include <filesystem>

#include "model/model_spec.h"

namespace posenet::importer {

/// Imports `source`, recognized by its content: the model.json of a TensorFlow.js graph model (with its weight shards
/// in the same folder, float32 or quantized to float16, uint8 or uint16) or a TFLite PoseNet (float or uint8, with or
/// without Coral's decoder). Strides, dilations, padding, layer order and outputs are read from the graph; constants
/// are folded into layers (batch normalization, padding, bias). The result owns its weights: float32, or the integers
/// of a uint8 model, which is not folded. Errors: kNotFound for a missing file or shard, kCorruptData for damaged ones,
/// kUnsupported naming the unsupported operation or property.
Result<model::LoadedModel> ImportModel(const std::filesystem::path& source);

/// The same for a given format.
Result<model::LoadedModel> ImportTfjsGraphModel(const std::filesystem::path& model_json);
Result<model::LoadedModel> ImportTflite(const std::filesystem::path& tflite);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_IMPORT_H_

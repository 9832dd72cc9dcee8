// SPDX-License-Identifier: Apache-2.0
// import, the room's door: other people's model files to ours. Knows model. A room of its own, because programs that
// only run models need neither its code nor its libraries.
#ifndef POSENET_IMPORT_IMPORT_H_
#define POSENET_IMPORT_IMPORT_H_

#include <filesystem>

#include "model/model_spec.h"

namespace posenet::importer {

/// Imports `source`, recognised by its content: a TensorFlow.js graph model (the model.json, its weight shards beside
/// it, float32 or quantized to float16, uint8 or uint16) or a TFLite PoseNet, float or uint8, perhaps with Coral's
/// decoder in it. Strides, dilations, padding, layer order and outputs are read from the graph; constants are folded
/// into layers (batch normalisation, padding, bias). The result owns its weights: float32, or the whole numbers of a
/// uint8 model, which is not folded. Errors: kNotFound for a missing file or shard, kCorruptData for damaged ones,
/// kUnsupported naming the operation or the property that we do not do.
Result<model::LoadedModel> ImportModel(const std::filesystem::path& source);

/// The same, for one format.
Result<model::LoadedModel> ImportTfjsGraphModel(const std::filesystem::path& model_json);
Result<model::LoadedModel> ImportTflite(const std::filesystem::path& tflite);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_IMPORT_H_

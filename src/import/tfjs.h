// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_IMPORT_TFJS_H_
#define POSENET_IMPORT_TFJS_H_

#include <cstddef>
#include <filesystem>
#include <span>

#include "model/model_spec.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Imports the TensorFlow.js graph model whose model.json is at `path` and has the contents `bytes`.
/// Errors: as ImportTfjsGraphModel, without the name of the file.
Result<model::LoadedModel> ParseTfjsGraphModel(std::span<const std::byte> bytes, const std::filesystem::path& path);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TFJS_H_

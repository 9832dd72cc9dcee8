// SPDX-License-Identifier: Apache-2.0
// Reads pretrained weights of all formats for any network.
#ifndef POSENET_IMPORT_PRETRAINED_FILE_H_
#define POSENET_IMPORT_PRETRAINED_FILE_H_

#include <filesystem>
#include <vector>

#include "import/pretrained.h"
#include "import/source_naming.h"
#include "model/backbone.h"
#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::importer {

/// The network to read weights for.
struct PretrainedNetwork {
  nn::Network network;
  std::vector<SourceNaming> namings;  ///< The supported names of its tensors; at least one.
  model::BackboneInput input;         ///< Its normalization of images.
};

/// The weights of `wanted` from the file at `path`. Formats and errors: as ReadBackboneWeights.
Result<LoadedWeights> ReadPretrained(const std::filesystem::path& path, const PretrainedNetwork& wanted);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_PRETRAINED_FILE_H_

// SPDX-License-Identifier: Apache-2.0
// The weights of a TensorFlow.js model: groups of consecutive tensors, each split into files ("shards") at arbitrary
// bytes.
#ifndef POSENET_IMPORT_TFJS_WEIGHTS_H_
#define POSENET_IMPORT_TFJS_WEIGHTS_H_

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "import/graph.h"
#include "posenet/result.h"

namespace posenet::importer {

using ConstantMap = std::map<std::string, std::shared_ptr<const Constant>, std::less<>>;

/// The tensors of `manifest` (the weightsManifest of a model.json) from files in `folder`. Types are float32, perhaps
/// stored as float16, uint8 or uint16 with scale and minimum; int32; and bool.
/// Errors: kNotFound naming a missing shard; kCorruptData for an invalid manifest, shards outside `folder`, files
/// longer or shorter than their tensors, numbers that are not finite; kUnsupported for other types;
/// kResourceExhausted for more than 1 GiB.
Result<ConstantMap> ReadTfjsWeights(const nlohmann::json& manifest, const std::filesystem::path& folder);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TFJS_WEIGHTS_H_

// SPDX-License-Identifier: Apache-2.0
// A network as part of a model's JSON text (docs/reference/model-format.md, "Values and layers"). For modules that link
// nlohmann-json.
#ifndef POSENET_MODEL_NETWORK_JSON_H_
#define POSENET_MODEL_NETWORK_JSON_H_

#include <nlohmann/json.hpp>

#include "model/json_reader.h"
#include "nn/graph/network.h"

namespace posenet::model {

/// `network` as JSON, with its fields in an order that is easy to read.
nlohmann::ordered_json NetworkToJson(const nn::Network& network);

/// Reads what NetworkToJson writes: every field must be present and known, each number in its range, and layers may
/// read earlier values only. Mismatches are recorded in the node's error.
nn::Network ReadNetwork(const JsonNode& node);

}  // namespace posenet::model

#endif  // POSENET_MODEL_NETWORK_JSON_H_

// SPDX-License-Identifier: Apache-2.0
// A network as a member of a model's JSON text (docs/model-format.md, "Values and layers"). Private to rooms that link
// nlohmann-json.
#ifndef POSENET_MODEL_NETWORK_JSON_H_
#define POSENET_MODEL_NETWORK_JSON_H_

#include <nlohmann/json.hpp>

#include "model/json_reader.h"
#include "nn/graph/network.h"

namespace posenet::model {

/// Keeps the fields in the order in which a reader wants to meet them.
nlohmann::ordered_json NetworkToJson(const nn::Network& network);

/// What NetworkToJson writes: every field present, none unknown, each number in its range, layers that read earlier
/// values only. Mismatches are noted in the node's error.
nn::Network ReadNetwork(const JsonNode& node);

}  // namespace posenet::model

#endif  // POSENET_MODEL_NETWORK_JSON_H_

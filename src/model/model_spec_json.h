// SPDX-License-Identifier: Apache-2.0
// A ModelSpec as the JSON text that model files carry (docs/model-format.md, "The model").
#ifndef POSENET_MODEL_MODEL_SPEC_JSON_H_
#define POSENET_MODEL_MODEL_SPEC_JSON_H_

#include <string>
#include <string_view>

#include "model/model_spec.h"

namespace posenet::model {

/// `spec` as compact JSON. ParseModelSpec gives back an equal spec, except that text which is not UTF-8 is repaired and
/// numbers that are not finite are lost (they do not parse).
std::string ModelSpecToJson(const ModelSpec& spec);

/// Reads what ModelSpecToJson writes: every field present, none unknown, each number in its range, layers that read
/// earlier values only. Weights are not looked at.
/// Errors: kCorruptData and kUnsupported (unknown kinds of layer and unknown fields) naming the path of the value,
/// such as "network.layers[3].stride[0]"; kResourceExhausted for more than 2^20 JSON values.
Result<ModelSpec> ParseModelSpec(std::string_view json);

}  // namespace posenet::model

#endif  // POSENET_MODEL_MODEL_SPEC_JSON_H_

// SPDX-License-Identifier: Apache-2.0
// A ModelSpec as the JSON text that model files carry (docs/reference/model-format.md, "The model").
#ifndef POSENET_MODEL_MODEL_SPEC_JSON_H_
#define POSENET_MODEL_MODEL_SPEC_JSON_H_

#include <string>
#include <string_view>

#include "model/model_spec.h"

namespace posenet::model {

/// `spec` as compact JSON. ParseModelSpec returns an equal spec, except that text that is not UTF-8 is repaired;
/// numbers that are not finite do not parse.
std::string ModelSpecToJson(const ModelSpec& spec);

/// Reads what ModelSpecToJson writes: every field must be present and known, each number in its range, and layers may
/// read earlier values only. Weights are not checked. Errors: kCorruptData and kUnsupported (unknown kinds of layer and
/// unknown fields) naming the path of the value, such as "network.layers[3].stride[0]"; kResourceExhausted for more
/// than 2^20 JSON values.
Result<ModelSpec> ParseModelSpec(std::string_view json);

}  // namespace posenet::model

#endif  // POSENET_MODEL_MODEL_SPEC_JSON_H_

// SPDX-License-Identifier: Apache-2.0
// The description of a model, as text and as JSON.
#ifndef POSENET_CLI_MODEL_REPORT_H_
#define POSENET_CLI_MODEL_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/pose_json.h"
#include "model/model_variants.h"

namespace posenet::cli {

/// Rows of text in aligned columns, two spaces apart; the last column is not padded.
std::string FormatTable(const std::vector<std::vector<std::string>>& rows);

/// "3.3 M" for 3291029.
std::string FormatCount(std::int64_t count);

/// Whether a description includes all layers.
enum class Layers { kHide, kShow };

/// `variant` as lines of "key value".
std::string FormatModel(const model::ModelVariant& variant, Layers layers);

/// The same as one JSON object and a newline.
std::string FormatModelJson(const model::ModelVariant& variant, Layers layers, app::JsonLayout layout);

}  // namespace posenet::cli

#endif  // POSENET_CLI_MODEL_REPORT_H_

// SPDX-License-Identifier: Apache-2.0
// What is said about a model.
#ifndef POSENET_CLI_MODEL_REPORT_H_
#define POSENET_CLI_MODEL_REPORT_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "common/pose_json.h"
#include "model/model_spec.h"

namespace posenet::cli {

/// Rows of text in columns as wide as they need to be, two spaces apart; the last column is not padded.
std::string FormatTable(const std::vector<std::vector<std::string>>& rows);

/// "3.3 M" for 3291029.
std::string FormatCount(std::int64_t count);

/// Whether a report goes on to every layer.
enum class Layers { kHide, kShow };

/// A model of `file` as lines of "key value".
std::string FormatModel(const model::LoadedModel& model, const std::filesystem::path& file, Layers layers);

/// The numbers in which the products of `model` are stored, and what --precision auto makes of the file on this CPU.
std::string DescribePrecision(const model::LoadedModel& model, const std::filesystem::path& file);

/// The same as one JSON object and a line end.
std::string FormatModelJson(const model::LoadedModel& model, const std::filesystem::path& file, Layers layers,
                            app::JsonLayout layout);

}  // namespace posenet::cli

#endif  // POSENET_CLI_MODEL_REPORT_H_

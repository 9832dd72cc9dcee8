// SPDX-License-Identifier: Apache-2.0
#include "model/model_variants.h"

#include <algorithm>
#include <span>
#include <system_error>
#include <utility>

#include "model/model_file.h"
#include "model/model_spec_json.h"
#include "model/sha256.h"

namespace posenet::model {
namespace {

namespace fs = std::filesystem;

// Identifies the float model of a family of variants; empty if the model has no family.
std::string FamilyOf(const LoadedModel& model) {
  return model.quantized_from.empty() ? ModelIdOf(model) : model.quantized_from;
}

std::vector<fs::path> ModelFilesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  auto entry = fs::directory_iterator(folder.empty() ? fs::path(".") : folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    // Opening anything else, such as a named pipe, might block.
    std::error_code ignored;
    if (entry->path().extension() == ".safetensors" && entry->is_regular_file(ignored)) {
      files.push_back(folder / entry->path().filename());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

WeightPrecision WeightPrecisionOf(const LoadedModel& model) {
  if (nn::IsQuantized(model.spec.network)) return WeightPrecision::kUint8;
  const auto has = [&](nn::DType dtype) {
    return std::any_of(model.weights.begin(), model.weights.end(),
                       [&](const auto& named) { return named.second.dtype == dtype; });
  };
  if (has(nn::DType::kInt8)) return WeightPrecision::kInt8;
  if (has(nn::DType::kBFloat16)) return WeightPrecision::kBFloat16;
  return WeightPrecision::kFloat;
}

std::string_view NameOf(WeightPrecision precision) {
  switch (precision) {
    case WeightPrecision::kFloat:
      return "float";
    case WeightPrecision::kBFloat16:
      return "bf16";
    case WeightPrecision::kInt8:
      return "int8";
    case WeightPrecision::kUint8:
      return "uint8";
  }
  return "";
}

std::string ModelIdOf(const LoadedModel& model) {
  if (model.sha256.empty()) return "";
  const std::string text = ModelSpecToJson(model.spec) + model.sha256;
  return Sha256Hex(std::as_bytes(std::span(text)));
}

Result<ModelVariant> LoadVariant(const fs::path& file) {
  auto model = LoadModelFile(file);
  if (!model) return tl::unexpected(std::move(model.error()));
  const WeightPrecision precision = WeightPrecisionOf(*model);
  return ModelVariant{.file = file, .precision = precision, .model = *std::move(model)};
}

std::vector<ModelVariant> FindOtherVariants(const ModelVariant& variant) {
  const std::string family = FamilyOf(variant.model);
  std::vector<ModelVariant> variants;
  if (family.empty()) return variants;
  for (const fs::path& file : ModelFilesIn(variant.file.parent_path())) {
    std::error_code ignored;
    if (fs::equivalent(file, variant.file, ignored)) continue;
    Result<ModelVariant> other = LoadVariant(file);
    if (other.has_value() && FamilyOf(other->model) == family) variants.push_back(*std::move(other));
  }
  return variants;
}

}  // namespace posenet::model

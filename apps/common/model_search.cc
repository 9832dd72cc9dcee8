// SPDX-License-Identifier: Apache-2.0
#include "common/model_search.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/ascii.h"
#include "base/strings.h"
#include "common/command_error.h"
#include "model/dilation_repair.h"
#include "model/model_file.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kModelExtension = ".safetensors";

std::string NamesIn(const std::vector<NamedModel>& models) {
  std::string names;
  for (const NamedModel& model : models) names += (names.empty() ? "" : ", ") + base::Printable(model.name);
  return names;
}

// What files of other programs must go through before they can be run.
void CheckIsNoForeignModel(const fs::path& file) {
  const std::string extension = base::AsciiToLower(file.extension().native());
  if (extension != ".tflite" && extension != ".json") return;
  const std::string name = base::Printable(file.native());
  throw UsageError(base::StrCat(name, ": is a ", extension == ".json" ? "TensorFlow.js" : "TensorFlow Lite",
                                " model; import it first: posenet model import ", name, " --output ",
                                base::Printable(file.stem().native()), kModelExtension));
}

// Before 0.3, mobilenet100 was TensorFlow.js' graph, and the same network without its fault had this name.
constexpr std::string_view kOldRepairedName = "mobilenet100-repaired";

// A file that was made before 0.3 may have a name that means another network now; running it would go unnoticed.
void CheckMeansWhatItsNameSays(const NamedModel& model) {
  constexpr std::array<std::string_view, 3> kRepaired = {"mobilenet100", "mobilenet100-int8", "mobilenet100-bf16"};
  if (std::ranges::find(kRepaired, model.name) == kRepaired.end()) return;
  const Result<model::LoadedModel> loaded = model::LoadModelFile(model.file);
  // A damaged file is reported when it is used.
  if (!loaded.has_value() || model::LopsidedLayers(loaded->spec.network).empty()) return;
  throw UsageError(base::StrCat(base::Printable(model.file.native()),
                                ": has TensorFlow.js' graph, whose name is now mobilenet100-tfjs; get the current ",
                                model.name, " with scripts/fetch-models, or pass the path of the file"));
}

// The models that scripts/fetch-models fetches only by name, in float.
bool IsFetchedOnDemand(std::string_view name) {
  return name == "movenet-lightning" || name == "movenet-thunder" || name == "movenet-multipose";
}

// Of `variants`, the first with `precision`; nothing if there is none.
std::optional<model::ModelVariant> Find(const std::vector<model::ModelVariant>& variants,
                                        model::WeightPrecision precision) {
  const auto found = std::ranges::find(variants, precision, &model::ModelVariant::precision);
  return found == variants.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

fs::path ModelFolderOf(const fs::path& executable) {
  const fs::path folder = executable.parent_path();
  // bin/posenet, and libexec/posenet/posenet-serve.
  const bool is_companion = folder.filename() == "posenet";
  const fs::path prefix = is_companion ? folder.parent_path().parent_path() : folder.parent_path();
  return prefix / "share" / "posenet" / "models";
}

std::vector<fs::path> ModelFolders() {
  std::vector<fs::path> folders;
  if (const char* folder = std::getenv("POSENET_MODELS"); folder != nullptr && *folder != '\0') {
    folders.emplace_back(folder);
  }
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  if (!error) folders.push_back(ModelFolderOf(executable));
  const fs::path installed = POSENET_INSTALLED_MODELS;
  if (std::find(folders.begin(), folders.end(), installed) == folders.end()) folders.push_back(installed);
  return folders;
}

std::vector<NamedModel> FindModels(const std::vector<fs::path>& folders) {
  std::map<std::string, fs::path> files;
  for (const fs::path& folder : folders) {
    std::error_code error;
    auto entry = fs::directory_iterator(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      const fs::path& file = entry->path();
      if (file.extension() == kModelExtension) files.emplace(file.stem().native(), file);
    }
  }
  std::vector<NamedModel> models;
  models.reserve(files.size());
  for (const auto& [name, file] : files) models.push_back({.name = name, .file = file});
  return models;
}

fs::path ResolveModel(const std::string& name_or_file) {
  std::error_code error;
  if (fs::is_regular_file(name_or_file, error)) {
    CheckIsNoForeignModel(name_or_file);
    return name_or_file;
  }
  if (fs::is_directory(name_or_file, error)) {
    throw UsageError(
        base::StrCat(base::Printable(name_or_file), ": is a folder; expected a model file (", kModelExtension, ")"));
  }
  const bool is_file_name = name_or_file.find('/') != std::string::npos || name_or_file.ends_with(kModelExtension);
  if (is_file_name) throw UsageError(base::StrCat(base::Printable(name_or_file), ": no such model file"));
  const std::vector<NamedModel> models = FindModels(ModelFolders());
  for (const NamedModel& model : models) {
    if (model.name != name_or_file) continue;
    CheckMeansWhatItsNameSays(model);
    return model.file;
  }
  if (name_or_file.starts_with(kOldRepairedName)) {
    const std::string suffix = name_or_file.substr(kOldRepairedName.size());
    throw UsageError(base::StrCat("no model named '", base::Printable(name_or_file), "'; it is now named 'mobilenet100",
                                  base::Printable(suffix), "'"));
  }
  if (IsFetchedOnDemand(name_or_file)) {
    throw UsageError(
        base::StrCat("no model named '", name_or_file, "'; get it with scripts/fetch-models ", name_or_file));
  }
  throw UsageError(base::StrCat(
      "no model named '", base::Printable(name_or_file), "'; expected a file or ",
      models.empty() ? "a name, but no models are installed: get them with scripts/fetch-models, or make one with "
                       "'posenet model import'"
                     : "one of " + NamesIn(models) + "; 'scripts/fetch-models --list' names those to get"));
}

model::ModelVariant LoadVariantOrThrow(const std::string& name_or_file) {
  return FileValueOrThrow(model::LoadVariant(ResolveModel(name_or_file)));
}

model::ModelVariant ChooseVariant(model::ModelVariant given, Precision precision,
                                  const nn::InstructionSetTraits& traits) {
  using model::WeightPrecision;
  if (precision == Precision::kFloat32 || given.precision == WeightPrecision::kUint8) return given;
  // A quantized model is what it is: the estimator rejects another precision.
  if (given.precision != WeightPrecision::kFloat) return given;
  const std::vector<model::ModelVariant> variants = model::FindOtherVariants(given);
  std::optional<model::ModelVariant> int8 = Find(variants, WeightPrecision::kInt8);
  std::optional<model::ModelVariant> bfloat16 = Find(variants, WeightPrecision::kBFloat16);
  if (precision == Precision::kInt8) {
    if (int8) return *std::move(int8);
    throw UsageError(base::StrCat(base::Printable(given.file.native()),
                                  ": has no int8 weights, and no int8 model beside it was made from it; make one with "
                                  "'posenet model quantize', or use another --precision"));
  }
  if (precision == Precision::kBFloat16) return bfloat16 ? *std::move(bfloat16) : std::move(given);
  if (traits.has_int8 && int8) return *std::move(int8);
  if (traits.is_bfloat16_fast && bfloat16) return *std::move(bfloat16);
  return given;
}

model::ModelVariant ChooseVariant(model::ModelVariant given, Precision precision, const std::string& instruction_set) {
  return ChooseVariant(std::move(given), precision, nn::TraitsOfInstructionSet(instruction_set));
}

}  // namespace posenet::app

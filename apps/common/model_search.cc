// SPDX-License-Identifier: Apache-2.0
#include "common/model_search.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string_view>
#include <system_error>

#include "base/strings.h"
#include "common/command_error.h"
#include "model/model_file.h"
#include "nn/plan.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kModelExtension = ".safetensors";
constexpr std::string_view kInt8Ending = "-int8";
constexpr std::string_view kBFloat16Ending = "-bf16";

std::string NamesIn(const std::vector<NamedModel>& models) {
  std::string names;
  for (const NamedModel& model : models) names += (names.empty() ? "" : ", ") + base::Printable(model.name);
  return names;
}

}  // namespace

std::vector<fs::path> ModelFolders() {
  std::vector<fs::path> folders;
  if (const char* folder = std::getenv("POSENET_MODELS"); folder != nullptr && *folder != '\0') {
    folders.emplace_back(folder);
  }
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  if (!error) folders.push_back(executable.parent_path().parent_path() / "share" / "posenet" / "models");
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
  if (fs::is_regular_file(name_or_file, error)) return name_or_file;
  const bool is_file_name = name_or_file.find('/') != std::string::npos || name_or_file.ends_with(kModelExtension);
  if (is_file_name) throw UsageError(base::StrCat(base::Printable(name_or_file), ": there is no such model file"));
  const std::vector<NamedModel> models = FindModels(ModelFolders());
  for (const NamedModel& model : models) {
    if (model.name == name_or_file) return model.file;
  }
  throw UsageError(base::StrCat(
      "there is no model named '", base::Printable(name_or_file), "'; expected a file or ",
      models.empty() ? "a name, but no models are installed: get them with scripts/fetch-models, or make one with "
                       "'posenet model import'"
                     : "one of " + NamesIn(models)));
}

fs::path ModelForPrecision(const fs::path& file, Precision precision, const std::string& instruction_set) {
  const std::string stem = file.stem().native();
  const auto sibling = [&](std::string_view ending) {
    return stem.ends_with(ending) ? file : file.parent_path() / base::StrCat(stem, ending, kModelExtension);
  };
  const auto is_there = [](const fs::path& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
  };
  const nn::InstructionSetTraits fast = nn::TraitsOfInstructionSet(instruction_set);
  switch (precision) {
    case Precision::kFloat32:
      return file;
    case Precision::kBFloat16:
      // Any floats can be rounded; those that were rounded with care are better.
      return is_there(sibling(kBFloat16Ending)) ? sibling(kBFloat16Ending) : file;
    case Precision::kAuto:
      if (stem.ends_with(kInt8Ending) || stem.ends_with(kBFloat16Ending)) return file;
      if (fast.has_int8 && is_there(sibling(kInt8Ending))) return sibling(kInt8Ending);
      if (fast.has_bfloat16 && is_there(sibling(kBFloat16Ending))) return sibling(kBFloat16Ending);
      return file;
    case Precision::kInt8:
      break;
  }
  // A file of another name may hold int8 weights as well.
  if (is_there(sibling(kInt8Ending))) return sibling(kInt8Ending);
  const Result<model::LoadedModel> model = model::LoadModelFile(file);
  if (!model.has_value()) return file;
  for (const auto& [name, tensor] : model->weights) {
    if (tensor.dtype == nn::DType::kInt8) return file;
  }
  throw UsageError(base::StrCat(base::Printable(file.native()), ": has no int8 weights, and there is no ",
                                base::Printable(sibling(kInt8Ending).filename().native()),
                                " beside it; make it with 'posenet model quantize', or ask for another --precision"));
}

}  // namespace posenet::app

// SPDX-License-Identifier: Apache-2.0
// Models by name: where they are looked for, and what is there.
#ifndef POSENET_CLI_MODEL_SEARCH_H_
#define POSENET_CLI_MODEL_SEARCH_H_

#include <filesystem>
#include <string>
#include <vector>

namespace posenet::cli {

/// The folders in which models are looked for, best first: $POSENET_MODELS, ../share/posenet/models beside the
/// executable's folder, and the one that the build installs to. They need not exist.
std::vector<std::filesystem::path> ModelFolders();

/// A model that can be called by its name.
struct NamedModel {
  std::string name;
  std::filesystem::path file;
};

/// The *.safetensors files of `folders`, by name; of two with one name the first folder's.
std::vector<NamedModel> FindModels(const std::vector<std::filesystem::path>& folders);

/// The file that `name_or_file` means: an existing file, or else a model of that name.
/// Throws CommandError (kUsage) that tells which names there are, or how to get some.
std::filesystem::path ResolveModel(const std::string& name_or_file);

}  // namespace posenet::cli

#endif  // POSENET_CLI_MODEL_SEARCH_H_

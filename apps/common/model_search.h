// SPDX-License-Identifier: Apache-2.0
// Models by name: where they are looked for, and what is there.
#ifndef POSENET_COMMON_MODEL_SEARCH_H_
#define POSENET_COMMON_MODEL_SEARCH_H_

#include <filesystem>
#include <string>
#include <vector>

#include "posenet/human.h"

namespace posenet::app {

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

/// The file to use instead of `file` where `precision` asks for few bits: that beside it which is named like it with
/// "-int8" or "-bf16" at the end. kAuto takes the first of these that is there and that `instruction_set` (empty: the
/// best) multiplies faster than floats. kBFloat16 takes `file` where there is none. Otherwise `file`.
/// Throws CommandError (kUsage) when kInt8 is wanted and there is no such file.
std::filesystem::path ModelForPrecision(const std::filesystem::path& file, Precision precision,
                                        const std::string& instruction_set);

}  // namespace posenet::app

#endif  // POSENET_COMMON_MODEL_SEARCH_H_

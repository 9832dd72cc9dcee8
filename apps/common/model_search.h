// SPDX-License-Identifier: Apache-2.0
// Models by name, and which variant of a model to run.
#ifndef POSENET_COMMON_MODEL_SEARCH_H_
#define POSENET_COMMON_MODEL_SEARCH_H_

#include <filesystem>
#include <string>
#include <vector>

#include "model/model_variants.h"
#include "nn/packed_network.h"
#include "posenet/human.h"

namespace posenet::app {

/// The folder of the models that are installed together with `executable`: share/posenet/models of the prefix that has
/// it in bin or, if it is a program that the command starts, in libexec/posenet.
std::filesystem::path ModelFolderOf(const std::filesystem::path& executable);

/// The folders that are searched for models, in order: $POSENET_MODELS, ModelFolderOf the running program, and the one
/// that the build installs to. They need not exist.
std::vector<std::filesystem::path> ModelFolders();

/// A model that can be given by its name.
struct NamedModel {
  std::string name;
  std::filesystem::path file;
};

/// The *.safetensors files of `folders`, sorted by name; of two with the same name, the one in the earlier folder.
std::vector<NamedModel> FindModels(const std::vector<std::filesystem::path>& folders);

/// The file that `name_or_file` means: an existing file, or else a model of that name. Throws CommandError (kUsage)
/// that lists the names there are, or says how to get models or how to import a file of another format; also if a file
/// of a release before 0.3 has a name that means another network now.
std::filesystem::path ResolveModel(const std::string& name_or_file);

/// ResolveModel, loaded. Throws CommandError: also kFailure if the file is damaged.
model::ModelVariant LoadVariantOrThrow(const std::string& name_or_file);

/// The variant of a model to run: `given` itself, or another file beside it that was quantized from it.
///   kFloat32      `given`.
///   kBFloat16     `given` if it has bfloat16 weights; otherwise the variant that has them; otherwise `given`, because
///                 floats can be rounded while they are packed.
///   kInt8         `given` if it has int8 weights; otherwise the variant that has them. Throws CommandError (kUsage) if
///                 there is none.
///   kAuto         `given` if it is quantized; otherwise the first of int8 and bfloat16 that exists and that is
///                 multiplied faster than floats; otherwise `given`.
model::ModelVariant ChooseVariant(model::ModelVariant given, Precision precision,
                                  const nn::InstructionSetTraits& traits);

/// The same on this CPU with `instruction_set`; empty means the best.
model::ModelVariant ChooseVariant(model::ModelVariant given, Precision precision, const std::string& instruction_set);

}  // namespace posenet::app

#endif  // POSENET_COMMON_MODEL_SEARCH_H_

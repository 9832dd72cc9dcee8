// SPDX-License-Identifier: Apache-2.0
#include "initial_weights.h"

#include <filesystem>
#include <utility>

#include "base/strings.h"
#include "command_error.h"
#include "model_search.h"

namespace posenet::trainer {
namespace {

// MobileNet's first convolution and three blocks: edges and textures, which are the same everywhere, at sizes that cost
// libtorch a third of its time. docs/camera.md has what it costs and saves.
constexpr int kMobileNetFrozen = 7;

bool IsMobileNet(Backbone backbone) {
  return backbone == Backbone::kMobileNet100 || backbone == Backbone::kMobileNet075;
}

}  // namespace

InitialWeights ReadInitialWeights(const std::string& file, Backbone backbone) {
  InitialWeights initial;
  if (file.empty() && !IsMobileNet(backbone)) {
    initial.description = "random weights, which takes very many photos to learn from (--init gives trained ones)";
    return initial;
  }
  // Human pose models are found by name; other files are files.
  const std::filesystem::path path = cli::ResolveModel(file.empty() ? std::string(BackboneName(backbone)) : file);
  initial.loaded = cli::FileValueOrThrow(ReadBackboneWeights(path, backbone));
  initial.description = initial.loaded.source;
  if (IsMobileNet(backbone)) initial.advised_frozen_convolutions = kMobileNetFrozen;
  return initial;
}

}  // namespace posenet::trainer

// SPDX-License-Identifier: Apache-2.0
#include "trainer/initial_weights.h"

#include <filesystem>
#include <utility>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/model_search.h"

namespace posenet::trainer {
namespace {

// MobileNet's first convolution and three blocks: edges and textures, which are the same everywhere, at sizes that cost
// libtorch a third of its time. docs/benchmarks/camera.md has what it costs and saves.
constexpr int kMobileNetFrozen = 7;

bool IsMobileNet(model::Backbone backbone) {
  return backbone == model::Backbone::kMobileNet100 || backbone == model::Backbone::kMobileNet075;
}

}  // namespace

InitialWeights ReadInitialWeights(const std::string& file, model::Backbone backbone) {
  InitialWeights initial;
  if (file.empty() && !IsMobileNet(backbone)) {
    initial.description = "random weights, which takes very many photos to learn from (--init gives trained ones)";
    return initial;
  }
  // Human pose models are found by name; other files are files.
  const std::filesystem::path path =
      app::ResolveModel(file.empty() ? std::string(model::BackboneName(backbone)) : file);
  initial.loaded = app::FileValueOrThrow(importer::ReadBackboneWeights(path, backbone));
  initial.description = initial.loaded.source;
  if (IsMobileNet(backbone)) initial.advised_frozen_convolutions = kMobileNetFrozen;
  return initial;
}

}  // namespace posenet::trainer

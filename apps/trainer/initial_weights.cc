// SPDX-License-Identifier: Apache-2.0
#include "trainer/initial_weights.h"

#include <filesystem>
#include <utility>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/model_search.h"

namespace posenet::trainer {
namespace {

// MobileNet's first convolution and three blocks: they detect edges and textures, which are the same in every scene,
// and would take a third of the training time because their maps are large. Measured in docs/benchmarks/camera.md.
constexpr int kMobileNetFrozen = 7;

bool IsMobileNet(model::Backbone backbone) {
  return backbone == model::Backbone::kMobileNet100 || backbone == model::Backbone::kMobileNet075;
}

}  // namespace

InitialWeights ReadInitialWeights(const std::string& file, model::Backbone backbone) {
  InitialWeights initial;
  if (file.empty() && !IsMobileNet(backbone)) {
    initial.description = "random weights, which need very many images (pass trained ones with --init)";
    return initial;
  }
  // Human pose models are found by name.
  const std::filesystem::path path =
      app::ResolveModel(file.empty() ? std::string(model::BackboneName(backbone)) : file);
  initial.loaded = app::FileValueOrThrow(importer::ReadBackboneWeights(path, backbone));
  initial.description = initial.loaded.source;
  if (IsMobileNet(backbone)) initial.suggested_frozen_convolutions = kMobileNetFrozen;
  return initial;
}

}  // namespace posenet::trainer

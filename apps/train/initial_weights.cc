// SPDX-License-Identifier: Apache-2.0
#include "initial_weights.h"

#include <cstddef>
#include <filesystem>
#include <utility>
#include <variant>
#include <vector>

#include "base/strings.h"
#include "command_error.h"
#include "model/model_file.h"
#include "model/network_builder.h"
#include "model_search.h"

namespace posenet::trainer {
namespace {

// The first seven of MobileNet's stages, down to the first of 512 channels: edges and textures, which are the same
// everywhere. docs/camera.md has what it costs and saves.
constexpr int kMobileNetFrozen = 13;

std::vector<const nn::Conv2d*> ConvolutionsOf(const nn::Network& network) {
  std::vector<const nn::Conv2d*> convolutions;
  for (const nn::Layer& layer : network.layers) {
    if (const auto* const conv = std::get_if<nn::Conv2d>(&layer.operation)) convolutions.push_back(conv);
  }
  return convolutions;
}

nn::Network NetworkOf(Backbone backbone) {
  NetworkBuilder builder(3);
  AppendBackbone(backbone, builder);
  return std::move(builder).Build();
}

bool IsMobileNet(Backbone backbone) {
  return backbone == Backbone::kMobileNet100 || backbone == Backbone::kMobileNet075;
}

// A model for human pose has the backbone's convolutions in the same order, under the names of its source, and its own
// heads behind them.
InitialWeights FromHumanPose(LoadedModel model, Backbone backbone) {
  const nn::Network network = NetworkOf(backbone);
  const std::vector<const nn::Conv2d*> ours = ConvolutionsOf(network);
  const std::vector<const nn::Conv2d*> theirs = ConvolutionsOf(model.spec.network);
  nn::TensorMap weights;
  bool fits = ours.size() <= theirs.size();
  for (std::size_t i = 0; fits && i < ours.size(); ++i) {
    fits = ours[i]->out_channels == theirs[i]->out_channels && ours[i]->groups == theirs[i]->groups &&
           ours[i]->window.kernel_height == theirs[i]->window.kernel_height && !theirs[i]->bias.empty() &&
           theirs[i]->weight_scales.empty();
    if (!fits) break;
    weights[ours[i]->weights] = model.weights[theirs[i]->weights];
    weights[ours[i]->bias] = model.weights[theirs[i]->bias];
  }
  if (!fits) {
    throw cli::UsageError(StrCat("model ", Printable(model.spec.name), " (", Printable(model.spec.architecture),
                                 ") has other layers than the backbone ", BackboneName(backbone)));
  }
  InitialWeights initial;
  initial.description = StrCat("the human pose model ", Printable(model.spec.name));
  initial.advised_frozen_convolutions = kMobileNetFrozen;
  initial.model = std::move(model);
  initial.model.weights = std::move(weights);
  return initial;
}

}  // namespace

InitialWeights ReadInitialWeights(const std::string& file, Backbone backbone) {
  if (file.empty() && !IsMobileNet(backbone)) {
    InitialWeights initial;
    initial.description = "random weights, which takes very many photos to learn from (--init gives trained ones)";
    return initial;
  }
  const std::filesystem::path path = cli::ResolveModel(file.empty() ? std::string(BackboneName(backbone)) : file);
  return FromHumanPose(cli::FileValueOrThrow(LoadModelFile(path)), backbone);
}

}  // namespace posenet::trainer

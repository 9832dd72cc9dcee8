// SPDX-License-Identifier: Apache-2.0
#include "import/pretrained.h"

#include <utility>
#include <vector>

#include "import/pretrained_file.h"
#include "import/source_naming.h"
#include "model/network_builder.h"

namespace posenet::importer {
namespace {

using importer::SourceNaming;

std::vector<SourceNaming> NamingsOf(model::Backbone backbone) {
  switch (backbone) {
    case model::Backbone::kGoogLeNet:
      return {SourceNaming::kCaffeGoogLeNet, SourceNaming::kOurs};
    case model::Backbone::kGoogLeNetBn:
      return {SourceNaming::kTorchGoogLeNet, SourceNaming::kOurs};
    case model::Backbone::kResNet34:
      return {SourceNaming::kTorchResNet, SourceNaming::kHuggingFaceResNet, SourceNaming::kOurs};
    case model::Backbone::kMobileNet100:
    case model::Backbone::kMobileNet075:
      break;
  }
  return {SourceNaming::kSlimMobileNet, SourceNaming::kOurs};
}

}  // namespace

Result<LoadedWeights> ReadBackboneWeights(const std::filesystem::path& path, model::Backbone backbone) {
  constexpr int kColorChannels = 3;
  model::NetworkBuilder builder(kColorChannels);
  builder.Output("features", model::AppendBackbone(backbone, builder).features.value);
  return importer::ReadPretrained(
      path, {.network = std::move(builder).Build(), .namings = NamingsOf(backbone), .input = model::InputOf(backbone)});
}

}  // namespace posenet::importer

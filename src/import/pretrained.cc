// SPDX-License-Identifier: Apache-2.0
#include "import/pretrained.h"

#include <utility>
#include <vector>

#include "import/pretrained_file.h"
#include "import/source_naming.h"
#include "model/network_builder.h"

namespace posenet {
namespace {

using importer::SourceNaming;

std::vector<SourceNaming> NamingsOf(Backbone backbone) {
  switch (backbone) {
    case Backbone::kGoogLeNet:
      return {SourceNaming::kCaffeGoogLeNet, SourceNaming::kOurs};
    case Backbone::kGoogLeNetBn:
      return {SourceNaming::kTorchGoogLeNet, SourceNaming::kOurs};
    case Backbone::kResNet34:
      return {SourceNaming::kTorchResNet, SourceNaming::kHuggingFaceResNet, SourceNaming::kOurs};
    case Backbone::kMobileNet100:
    case Backbone::kMobileNet075:
      break;
  }
  return {SourceNaming::kSlimMobileNet, SourceNaming::kOurs};
}

}  // namespace

Result<LoadedWeights> ReadBackboneWeights(const std::filesystem::path& path, Backbone backbone) {
  constexpr int kColorChannels = 3;
  NetworkBuilder builder(kColorChannels);
  builder.Output("features", AppendBackbone(backbone, builder).features.value);
  return importer::ReadPretrained(
      path, {.network = std::move(builder).Build(), .namings = NamingsOf(backbone), .input = InputOf(backbone)});
}

}  // namespace posenet

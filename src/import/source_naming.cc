// SPDX-License-Identifier: Apache-2.0
#include "import/source_naming.h"

#include <cstddef>

#include "base/strings.h"

namespace posenet::importer {
namespace {

// "layer2.0.conv1" is normalized by "layer2.0.bn1", "layer2.0.downsample.0" by "layer2.0.downsample.1".
SourceConv TorchResNetConv(const std::string& layer) {
  constexpr std::string_view kConv = "conv";
  std::string norm = layer;
  if (const std::size_t at = norm.rfind(kConv); at != std::string::npos) {
    norm.replace(at, kConv.size(), "bn");
  } else if (norm.ends_with(".0")) {
    norm.back() = '1';
  }
  return {layer + ".weight", "", norm};
}

// "layer2.0.conv1" is "resnet.encoder.stages.1.layers.0.layer.0" in transformers, "layer2.0.downsample.0" its
// "shortcut".
SourceConv HuggingFaceResNetConv(std::string_view layer) {
  constexpr std::string_view kLayer = "layer";
  constexpr std::string_view kConv = ".conv";
  std::string module = "resnet.embedder.embedder";
  const std::size_t first = layer.find('.');
  const std::size_t second = layer.find('.', first + 1);
  if (layer.starts_with(kLayer) && first == kLayer.size() + 1 && second != std::string_view::npos) {
    const std::string_view unit = layer.substr(first + 1, second - first - 1);
    const std::string_view part = layer.substr(second);
    module = base::StrCat("resnet.encoder.stages.", static_cast<char>(layer[kLayer.size()] - 1), ".layers.", unit);
    module += part.starts_with(kConv) ? base::StrCat(".layer.", static_cast<char>(part.back() - 1)) : ".shortcut";
  }
  return {module + ".convolution.weight", "", module + ".normalization"};
}

}  // namespace

std::string_view DescriptionOf(SourceNaming naming) {
  switch (naming) {
    case SourceNaming::kCaffeGoogLeNet:
      return "Caffe's GoogLeNet";
    case SourceNaming::kTorchGoogLeNet:
      return "torchvision's GoogLeNet";
    case SourceNaming::kTorchResNet:
      return "torchvision's ResNet-34";
    case SourceNaming::kHuggingFaceResNet:
      return "Hugging Face's ResNet-34";
    case SourceNaming::kSlimMobileNet:
      return "TensorFlow.js' MobileNet";
    case SourceNaming::kOurs:
      break;
  }
  return "ours";
}

bool HasOwnLayouts(SourceNaming naming) {
  return naming == SourceNaming::kOurs || naming == SourceNaming::kSlimMobileNet;
}

std::string OwnTensorOf(SourceNaming naming, const std::string& tensor) {
  constexpr std::string_view kFirst = "conv";
  constexpr std::string_view kBlock = "block";
  if (naming != SourceNaming::kSlimMobileNet) return tensor;
  if (tensor.starts_with(kFirst)) return base::StrCat("Conv2d_", tensor.substr(kFirst.size()));
  std::string name = tensor.starts_with(kBlock) ? base::StrCat("Conv2d_", tensor.substr(kBlock.size())) : tensor;
  if (const std::size_t slash = name.find('/'); slash != std::string::npos) name[slash] = '_';
  return name;
}

SourceConv SourceOf(SourceNaming naming, std::string_view layer) {
  const std::string name(layer);
  switch (naming) {
    case SourceNaming::kTorchGoogLeNet:
      return {name + ".conv.weight", "", name + ".bn"};
    case SourceNaming::kTorchResNet:
      return TorchResNetConv(name);
    case SourceNaming::kHuggingFaceResNet:
      return HuggingFaceResNetConv(layer);
    default:
      return {name + "/0", name + "/1", ""};
  }
}

double NormEpsilonOf(SourceNaming naming) {
  // torchvision's GoogLeNet has that of TensorFlow, the others that of PyTorch.
  return naming == SourceNaming::kTorchGoogLeNet ? 1e-3 : 1e-5;
}

SourceInput SourceInputOf(SourceNaming naming) {
  switch (naming) {
    case SourceNaming::kCaffeGoogLeNet:
      return {.channel = {2, 1, 0}, .factor = {1.0, 1.0, 1.0}};  // BGR, with the same range.
    case SourceNaming::kTorchResNet:
    case SourceNaming::kHuggingFaceResNet: {
      // torchvision divides each channel by its own standard deviation; our models have one scale, 1 / 0.226.
      constexpr double kMeanDeviation = 0.226;
      return {.channel = {0, 1, 2}, .factor = {kMeanDeviation / 0.229, kMeanDeviation / 0.224, kMeanDeviation / 0.225}};
    }
    default:
      return {};
  }
}

}  // namespace posenet::importer

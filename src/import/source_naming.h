// SPDX-License-Identifier: Apache-2.0
// Whose names the tensors of a pretrained network go by, and what else differs from network to network.
#ifndef POSENET_IMPORT_SOURCE_NAMING_H_
#define POSENET_IMPORT_SOURCE_NAMING_H_

#include <array>
#include <string>
#include <string_view>

namespace posenet::importer {

/// The networks of others that we know.
enum class SourceNaming {
  kOurs,               ///< "<layer>/weights" and "<layer>/biases" in our layouts.
  kSlimMobileNet,      ///< The same of PoseNets from TensorFlow.js: "Conv2d_1_depthwise" is our "block1/depthwise".
  kCaffeGoogLeNet,     ///< BVLC's bvlc_googlenet.
  kTorchGoogLeNet,     ///< torchvision.models.googlenet, with batch normalization.
  kTorchResNet,        ///< torchvision.models.resnet34; timm's have the same names.
  kHuggingFaceResNet,  ///< transformers.ResNetForImageClassification.
};

/// What messages call it: "torchvision's GoogLeNet".
std::string_view DescriptionOf(SourceNaming naming);

/// Whether tensors are in our layouts, and only their names may be others: those that OwnTensorOf answers.
bool HasOwnLayouts(SourceNaming naming);

/// The name of the tensor that we call `tensor`. For namings in our layouts only.
std::string OwnTensorOf(SourceNaming naming, const std::string& tensor);

/// Where the numbers of one of our convolutions are. Either `bias` or `norm` is empty.
struct SourceConv {
  std::string weights;  ///< [out, in, rows, columns].
  std::string bias;     ///< [out], or that behind extents of 1.
  std::string norm;     ///< Batch normalization: in front of ".weight", ".bias", ".running_mean" and ".running_var".
};

/// The tensors of the convolution that we call `layer`. For namings in other layouts.
SourceConv SourceOf(SourceNaming naming, std::string_view layer);

/// What is added to variances before they are divided by.
double NormEpsilonOf(SourceNaming naming);

/// What the network's input means there and here. Our input channel c (red, green, blue) is multiplied by
/// weights of the source's channel `channel[c]` times `factor[c]`.
struct SourceInput {
  std::array<int, 3> channel = {0, 1, 2};
  std::array<double, 3> factor = {1.0, 1.0, 1.0};
};
SourceInput SourceInputOf(SourceNaming naming);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_SOURCE_NAMING_H_

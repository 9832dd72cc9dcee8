// SPDX-License-Identifier: Apache-2.0
// Names of the tensors of pretrained networks, and other differences between their sources.
#ifndef POSENET_IMPORT_SOURCE_NAMING_H_
#define POSENET_IMPORT_SOURCE_NAMING_H_

#include <array>
#include <string>
#include <string_view>

namespace posenet::importer {

/// Known sources of pretrained networks.
enum class SourceNaming {
  kOurs,               ///< "<layer>/weights" and "<layer>/biases" in our layouts.
  kSlimMobileNet,      ///< PoseNets from TensorFlow.js, in our layouts: "Conv2d_1_depthwise" is our "block1/depthwise".
  kCaffeGoogLeNet,     ///< BVLC's bvlc_googlenet.
  kTorchGoogLeNet,     ///< torchvision.models.googlenet, with batch normalization.
  kTorchResNet,        ///< torchvision.models.resnet34; timm's have the same names.
  kHuggingFaceResNet,  ///< transformers.ResNetForImageClassification.
};

/// For messages: "torchvision's GoogLeNet".
std::string_view DescriptionOf(SourceNaming naming);

/// Whether tensors have our layouts; their names are those of OwnTensorOf.
bool HasOwnLayouts(SourceNaming naming);

/// The source's name of our `tensor`. For namings with our layouts only.
std::string OwnTensorOf(SourceNaming naming, const std::string& tensor);

/// Names of the tensors of a convolution. Either `bias` or `norm` is empty.
struct SourceConv {
  std::string weights;  ///< [out, in, rows, columns].
  std::string bias;     ///< [out], perhaps with leading extents of 1.
  std::string norm;     ///< Batch normalization: the prefix of ".weight", ".bias", ".running_mean" and ".running_var".
};

/// The tensors of our convolution `layer`. For namings with other layouts.
SourceConv SourceOf(SourceNaming naming, std::string_view layer);

/// The epsilon of batch normalization, which is added to variances.
double NormEpsilonOf(SourceNaming naming);

/// The source's input relative to ours: weights of our input channel c (red, green, blue) are those of the source's
/// channel `channel[c]` times `factor[c]`.
struct SourceInput {
  std::array<int, 3> channel = {0, 1, 2};
  std::array<double, 3> factor = {1.0, 1.0, 1.0};
};
SourceInput SourceInputOf(SourceNaming naming);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_SOURCE_NAMING_H_

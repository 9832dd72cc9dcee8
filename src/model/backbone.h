// SPDX-License-Identifier: Apache-2.0
// Image classification networks without their classifiers, on which other networks are built.
#ifndef POSENET_MODEL_BACKBONE_H_
#define POSENET_MODEL_BACKBONE_H_

#include <array>
#include <string_view>
#include <vector>

#include "model/network_builder.h"
#include "posenet/result.h"

namespace posenet::model {

enum class Backbone {
  kMobileNet100,  ///< That of MobileNetV1Network, at output stride 32.
  kMobileNet075,  ///< The same at width 0.75, which stops at stride 16.
  kGoogLeNet,     ///< Szegedy et al. 2015, as in Caffe's model zoo.
  kGoogLeNetBn,   ///< torchvision's googlenet.
  kResNet34,      ///< torchvision's resnet34.
};

/// "mobilenet100", "mobilenet075", "googlenet", "googlenet-bn", "resnet34".
std::string_view BackboneName(Backbone backbone);
/// The backbone of that name. Errors: kInvalidArgument for other names, listing the valid ones.
Result<Backbone> BackboneOf(std::string_view name);

/// The results of a backbone: features, a map of output stride 32 or 16; and for GoogLeNets the results of inception 4a
/// and 4d, which auxiliary regressors read during training.
struct BackboneTaps {
  Features features;
  std::vector<Features> auxiliary;
};

/// Appends the layers of `backbone` to the input of `builder`, which must have 3 channels. Batch normalization is
/// folded into weights and biases. Layers are named as in their source:
///   mobilenet100, mobilenet075   "conv0", "block1/depthwise", "block1/pointwise"
///   googlenet                    "conv1/7x7_s2", "inception_3a/3x3_reduce", as in deploy.prototxt
///   googlenet-bn                 "conv1", "inception3a.branch2.0", as the modules, without the suffix ".conv"
///   resnet34                     "conv1", "layer1.0.conv1", "layer2.0.downsample.0"; sums "layer1.0"
BackboneTaps AppendBackbone(Backbone backbone, NetworkBuilder& builder);

/// The normalization of images: a channel value v from 0 to 255 enters the network as v * scale + bias[channel], with
/// channels red, green and blue (ModelSpec::input_scale and input_bias).
struct BackboneInput {
  float scale = 1.0F;
  std::array<float, 3> bias = {0.0F, 0.0F, 0.0F};
};

/// The normalization that the published weights of `backbone` expect, as far as a ModelSpec can express it. For two
/// backbones, importers fold the rest into the weights of "conv1":
///   googlenet reads blue, green, red: the first and the last input channel are swapped;
///   resnet34 divides each channel by ImageNet's standard deviation, 0.229, 0.224 or 0.225. Here all are divided by
///   0.226, and the weights of input channel c are multiplied by 0.226 / deviation of c.
BackboneInput InputOf(Backbone backbone);

}  // namespace posenet::model

#endif  // POSENET_MODEL_BACKBONE_H_

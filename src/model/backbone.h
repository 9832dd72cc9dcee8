// SPDX-License-Identifier: Apache-2.0
// Networks that were made to classify images, without their classifiers: what other networks are built upon.
#ifndef POSENET_MODEL_BACKBONE_H_
#define POSENET_MODEL_BACKBONE_H_

#include <array>
#include <string_view>
#include <vector>

#include "model/network_builder.h"
#include "posenet/result.h"

namespace posenet::model {

enum class Backbone {
  kMobileNet100,  ///< MobileNetV1Network's, at output stride 32.
  kMobileNet075,  ///< The same of width 0.75, which ends at stride 16.
  kGoogLeNet,     ///< Szegedy et al. 2015, as Caffe's model zoo has it.
  kGoogLeNetBn,   ///< torchvision's googlenet.
  kResNet34,      ///< torchvision's resnet34.
};

/// "mobilenet100", "mobilenet075", "googlenet", "googlenet-bn", "resnet34".
std::string_view BackboneName(Backbone backbone);
/// Errors: kInvalidArgument for other names, telling these.
Result<Backbone> BackboneOf(std::string_view name);

/// What a backbone computes: features, a map of output stride 32 or 16; and for GoogLeNets the results of inception 4a
/// and 4d, which auxiliary regressors read while training.
struct BackboneTaps {
  Features features;
  std::vector<Features> auxiliary;
};

/// Appends the layers of `backbone`, on the input of `builder`, which has 3 channels. Batch normalization is folded
/// into weights and biases. Layers are called as in their source, tensors as NetworkBuilder has it:
///   mobilenet100, mobilenet075   "conv0", "block1/depthwise", "block1/pointwise"
///   googlenet                    "conv1/7x7_s2", "inception_3a/3x3_reduce", as in deploy.prototxt
///   googlenet-bn                 "conv1", "inception3a.branch2.0", as the modules, without ".conv" behind
///   resnet34                     "conv1", "layer1.0.conv1", "layer2.0.downsample.0"; sums "layer1.0"
BackboneTaps AppendBackbone(Backbone backbone, NetworkBuilder& builder);

/// How a channel value v of an image, 0 to 255, enters: v * scale + bias[channel], channels being red, green and blue
/// (ModelSpec::input_scale and input_bias).
struct BackboneInput {
  float scale = 1.0F;
  std::array<float, 3> bias = {0.0F, 0.0F, 0.0F};
};

/// What the published weights of `backbone` expect, in the form that a ModelSpec can say. Two take part of it on in the
/// weights of "conv1":
///   googlenet reads blue, green, red: an importer swaps the first and the last input channel;
///   resnet34 divides by ImageNet's standard deviations, 0.229, 0.224 and 0.225, one for each channel. Here all are
///   divided by 0.226, and an importer multiplies the weights of input channel c by 0.226 / deviation of c.
BackboneInput InputOf(Backbone backbone);

}  // namespace posenet::model

#endif  // POSENET_MODEL_BACKBONE_H_

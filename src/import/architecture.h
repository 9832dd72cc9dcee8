// SPDX-License-Identifier: Apache-2.0
// Which of the known PoseNets a network is, told from its layers alone.
#ifndef POSENET_IMPORT_ARCHITECTURE_H_
#define POSENET_IMPORT_ARCHITECTURE_H_

#include <array>
#include <string>

#include "nn/graph/network.h"

namespace posenet::importer {

struct Architecture {
  std::string name;         // ModelSpec::name
  std::string description;  // ModelSpec::architecture
  // How the network wants its input, as in ModelSpec.
  float input_scale = 1.0F;
  std::array<float, 3> input_bias = {0.0F, 0.0F, 0.0F};
};

/// "MobileNetV1 1.0" and so on by the width of the first layer, "ResNet50" by its 16 residual units; "custom" for
/// others, normalised as MobileNets are, or as ResNets if they have residuals.
/// Source: TensorFlow.js PoseNet, mobilenet.ts and resnet.ts.
Architecture RecognizeArchitecture(const nn::Network& network);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_ARCHITECTURE_H_

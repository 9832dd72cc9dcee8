// SPDX-License-Identifier: Apache-2.0
// Recognizes the known architectures by the layers and outputs of a network.
#ifndef POSENET_IMPORT_ARCHITECTURE_H_
#define POSENET_IMPORT_ARCHITECTURE_H_

#include <array>
#include <string>

#include "nn/graph/network.h"

namespace posenet::importer {

struct Architecture {
  std::string name;         // ModelSpec::name
  std::string description;  // ModelSpec::architecture
  // The normalization of the input, as in ModelSpec.
  float input_scale = 1.0F;
  std::array<float, 3> input_bias = {0.0F, 0.0F, 0.0F};
  int input_size_px = 0;  // The default width and height; 0 for any.
};

/// "MoveNet Lightning" and so on by the outputs and the width of the first layer, "MobileNetV1 1.0" and so on by the
/// latter, "ResNet50" by its 16 residual units; "custom" for others, with the normalization of ResNets if they have
/// residual units, else that of MobileNets. Source: TensorFlow.js PoseNet, mobilenet.ts and resnet.ts.
Architecture RecognizeArchitecture(const nn::Network& network);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_ARCHITECTURE_H_
